import type { Document } from './document.ts'

/** A cache, as an application uses it. */
export interface CachePeer {
  /** What is cached under an id, loaded where it is not. */
  get(id: number): Promise<Document>
}

/** What a peer is given. */
export interface CachePeerOptions {
  readonly redisUrl: string
  /** PostgreSQL, for a role that the policies hold for. */
  readonly databaseUrl: string
  /** What the peer's keys begin with, where it takes such a thing. */
  readonly prefix: string
  /** The module of leasehold. */
  readonly entry: string
  /** How long loading one document takes, besides reading it, in milliseconds. */
  readonly loadMs: number
}

/** Connects a peer. */
export type ConnectCachePeer = (options: CachePeerOptions) => Promise<CachePeer> | CachePeer

/** How long everybody keeps a document: longer than any run takes. */
export const TTL_MS = 3_600_000
