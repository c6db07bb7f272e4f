import { createHistogram, type RecordableHistogram } from 'node:perf_hooks'
import { runSlice } from './load.ts'
import type { TenantPeer } from './peer.ts'
import type { PeerOrder, PeerReply, PeerStart } from './peer-messages.ts'
import { PEERS } from './peers/connect-peer.ts'

/*
 * One peer in a process of its own, so that neither its garbage nor the shapes of its objects burden another peer. It
 * sleeps but for its slices, and ends with the process that started it.
 */

const start: PeerStart = JSON.parse(process.argv[2] ?? '')
const connect = PEERS.get(start.peer)
const peers = new Map<string, Promise<TenantPeer> | TenantPeer>()
const histograms = new Map<string, RecordableHistogram>()

process.on('disconnect', () => process.exit())
process.on('message', (order: PeerOrder) => {
  run(order).then(
    (reply) => process.send?.(reply),
    (error: unknown) => {
      const failed: PeerReply = { error: error instanceof Error ? String(error.stack) : String(error) }
      process.send?.(failed)
    },
  )
})

async function run({ workload, distance, callers, durationMs, warmUp }: PeerOrder): Promise<PeerReply> {
  const options = start.options[distance]
  if (!connect || !options) throw new Error(`There is no peer "${start.peer}" for ${distance}.`)
  const known = peers.get(distance) ?? connect(options)
  peers.set(distance, known)
  const key = `${workload} ${distance}`
  const latenciesNs = histograms.get(key) ?? createHistogram()
  if (!warmUp) histograms.set(key, latenciesNs)
  const slice = await runSlice(await known, workload, callers, durationMs, latenciesNs)
  return {
    slice,
    latency: {
      p50Ms: latenciesNs.percentile(50) / 1e6,
      p99Ms: latenciesNs.percentile(99) / 1e6,
      maxMs: latenciesNs.max / 1e6,
    },
  }
}
