import type { PoolOptions } from '../../../src/index.ts'

/** What a process of the test is started with. */
export interface StampedeStart {
  readonly pool: PoolOptions
  readonly redis: { readonly host: string; readonly port: number }
  readonly prefix: string
  readonly leaseMs: number
}

/** So many calls for one room, at once. */
export interface StampedeOrder {
  readonly id: number
  readonly calls: number
  /** How long a load takes after it has read, in milliseconds. */
  readonly loadMs: number
  /** When to begin, in milliseconds since 1970: at once in all processes. */
  readonly atMs: number
}

/** What came of it, in one process. */
export interface StampedeReply {
  /** The answers, each once. */
  readonly values: readonly (string | null)[]
  readonly loads: number
  readonly stores: number
  /** Loads that were not stored, because something was overwritten meanwhile, or for another reason. */
  readonly overtaken: number
  readonly unstored: number
}

export type StampedeMessage = 'ready' | StampedeReply | { readonly error: string }
