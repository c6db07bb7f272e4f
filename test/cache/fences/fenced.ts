import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import type { FencedKeys } from '../../../src/cache/fences/fenced-keys.ts'
import { Fences, type LeaseAnswer } from '../../../src/cache/fences/fences.ts'
import type { FencesOptions } from '../../../src/cache/fences/fences-options.ts'
import type { CommitEvidence } from '../../../src/errors/outcome.ts'

export const EVIDENCE: CommitEvidence = { xid: '4711', incarnation: 'life 1' }

export function rigRedis(): { readonly host: string; readonly port: number } {
  const { redis } = inject('rig')
  if (!redis) throw new Error('The rig has no Redis.')
  return redis
}

/** Without spurious timeouts on a busy machine, unless the test is about them. */
export function openFences(options: Partial<FencesOptions> = {}): Promise<Fences> {
  return Fences.open({ redis: rigRedis(), timeoutMs: 2_000, connectMs: 2_000, ...options })
}

/** Keys that no other test has. */
export function keysOf(tenant: string = unique(), tags: readonly string[] = ['a', 'b']): FencedKeys {
  const slot = `{${tenant}|main}`
  return {
    value: `t:v:${slot}:1`,
    lease: `t:l:${slot}:1`,
    wake: `t:w:${slot}:1`,
    fences: tags.map((tag) => `t:f:${slot}:${tag}`),
  }
}

export function unique(): string {
  return randomBytes(6).toString('hex')
}

export type Load = Extract<LeaseAnswer, { kind: 'load' }>

/** The lease of who may load. */
export async function leaseOf(fences: Fences, keys: FencedKeys, token = unique()): Promise<Load> {
  const answer = await fences.lease(keys, { token, leaseMs: 10_000 })
  if (answer.kind !== 'load') throw new Error(`Not the lease was given, but ${answer.kind}.`)
  return answer
}

/** The bytes of an entry. */
export function entry(load: Pick<Load, 'gens' | 'ordinal'>, payload: string): Buffer {
  return Buffer.from(`${load.gens.join(',')}\n${load.ordinal}\nmeta\n${payload}`)
}

/** What a value was loaded from, and how far that had come. */
export interface From {
  readonly source?: 'primary' | 'replica'
  readonly lsn?: bigint | undefined
  readonly token?: string
  readonly payload?: string
}

/** Stores what was loaded under a lease. */
export function storeOf(fences: Fences, keys: FencedKeys, load: Load, from: From = {}) {
  const { source = 'primary', token = 'none', payload = 'payload' } = from
  const lsn = 'lsn' in from ? from.lsn : 100n
  const value = entry(load, payload)
  return fences.store(keys, { token, ...load, source, lsn, ttlMs: 60_000, value })
}

/** Leases, loads on the primary and stores. */
export async function fill(fences: Fences, keys: FencedKeys, from: From = {}): Promise<Load> {
  const token = unique()
  const load = await leaseOf(fences, keys, token)
  const answer = await storeOf(fences, keys, load, { token, ...from })
  if (answer !== 'stored') throw new Error(`Not stored: ${answer}.`)
  return load
}
