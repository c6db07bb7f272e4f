import type { Redis } from 'ioredis'
import { loadCountKey } from './load-counter.ts'
import type { PeerStart, StampedeReply } from './messages.ts'
import { PeerChild } from './peer-child.ts'
import { HIT_DOCUMENTS } from './scenario.ts'

export const STAMPEDE_PROCESSES = 4
export const STAMPEDE_CALLS = 125
export const STAMPEDE_LOAD_MS = 100
const STAMPEDES = 7
const START_IN_MS = 60

/** How often a peer loaded a document that many asked for at once. */
export interface Stampede {
  readonly peer: string
  /** Loads of each stampede, one after the other. */
  readonly loads: readonly number[]
  /** The longest that any of the processes waited for all its answers, in each. */
  readonly tookMs: readonly number[]
}

/**
 * Has four processes ask for a document that nobody has, each many times at once, again and again for another one. What is
 * connected has been used before: it is not the connections that are measured.
 */
export async function runStampedes(label: string, start: PeerStart, redis: Redis): Promise<Stampede> {
  await using resources = new AsyncDisposableStack()
  const options = { ...start.options, loadMs: STAMPEDE_LOAD_MS }
  const children = Array.from({ length: STAMPEDE_PROCESSES }, () =>
    resources.use(new PeerChild({ ...start, options })),
  )
  for (const child of children) await child.ready()
  const firstId = HIT_DOCUMENTS + 1
  await Promise.all(children.map((child, index) => ask(child, firstId + index, 1)))
  const loads: number[] = []
  const tookMs: number[] = []
  for (let turn = 0; turn < STAMPEDES; turn += 1) {
    const id = firstId + STAMPEDE_PROCESSES + turn
    const replies = await Promise.all(children.map((child) => ask(child, id, STAMPEDE_CALLS)))
    tookMs.push(Math.max(...replies.map((reply) => reply.tookMs)))
    loads.push(Number(await redis.get(loadCountKey(options.prefix, id))))
  }
  return { peer: label, loads, tookMs }
}

function ask(child: PeerChild, id: number, calls: number) {
  const atMs = Date.now() + START_IN_MS
  return child.ask<StampedeReply>({ kind: 'stampede', id, calls, atMs }, START_IN_MS)
}
