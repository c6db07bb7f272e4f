import { createHistogram, performance, type RecordableHistogram } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { faultOf } from './document.ts'
import { runHits } from './load.ts'
import type { HitReply, PeerOrder, PeerStart, Ready, StampedeReply } from './messages.ts'
import type { CachePeer } from './peer.ts'
import { PEERS } from './peers/connect-peer.ts'
import type { HitScenario } from './scenario.ts'

/*
 * One peer in a process of its own, so that neither its garbage nor the shapes of its objects burden another peer. It
 * sleeps but for its slices, and ends with the process that started it.
 */

const start: PeerStart = JSON.parse(process.argv[2] ?? '')
const histograms = new Map<HitScenario, RecordableHistogram>()

process.on('disconnect', () => process.exit())

try {
  const connect = PEERS.get(start.peer)
  if (!connect) throw new Error(`There is no peer "${start.peer}".`)
  const peer = await connect(start.options)
  process.on('message', (order: PeerOrder) => {
    const work = order.kind === 'hits' ? runSlice(peer, order) : stampede(peer, order)
    work.then(send, (error: unknown) => send(failure(error)))
  })
  send({ ready: true })
} catch (error) {
  send(failure(error))
}

async function runSlice(
  peer: CachePeer,
  { scenario, durationMs, warmUp }: Extract<PeerOrder, { kind: 'hits' }>,
): Promise<HitReply> {
  const overall = histograms.get(scenario) ?? createHistogram()
  if (!warmUp) histograms.set(scenario, overall)
  const slice = await runHits(peer, scenario, durationMs, overall)
  const ms = (ns: number) => ns / 1e6
  const latency = {
    p50Ms: ms(overall.percentile(50)),
    p99Ms: ms(overall.percentile(99)),
    maxMs: ms(overall.max),
  }
  return { slice, latency }
}

async function stampede(
  peer: CachePeer,
  { id, calls, atMs }: Extract<PeerOrder, { kind: 'stampede' }>,
): Promise<StampedeReply> {
  await sleep(Math.max(0, atMs - Date.now()))
  const startedAt = performance.now()
  const answers = await Promise.all(Array.from({ length: calls }, () => peer.get(id)))
  const tookMs = performance.now() - startedAt
  const fault = answers.map((answer) => faultOf(answer, id)).find((found) => found !== undefined)
  if (fault !== undefined) throw new Error(fault)
  return { tookMs }
}

function send(reply: Ready | HitReply | StampedeReply): void {
  process.send?.(reply)
}

function failure(error: unknown): { readonly error: string } {
  return { error: error instanceof Error ? String(error.stack) : String(error) }
}
