import { createHistogram, performance, type RecordableHistogram } from 'node:perf_hooks'
import { faultOf } from './document.ts'
import type { CachePeer } from './peer.ts'
import { callersOf, documentFor, type HitScenario } from './scenario.ts'

/** What one peer did in one slice of time. */
export interface HitSlice {
  readonly operations: number
  readonly elapsedMs: number
  /** Processor time of the peer's process. */
  readonly cpuUs: number
  /** Of this slice alone. */
  readonly p50Us: number
}

/**
 * Has callers work until the time is up and all have their answers.
 *
 * @param overall where the time of each call is recorded too, in nanoseconds
 * @throws when an answer is not exactly what was asked for
 */
export async function runHits(
  peer: CachePeer,
  scenario: HitScenario,
  durationMs: number,
  overall: RecordableHistogram,
): Promise<HitSlice> {
  const own = createHistogram()
  let operations = 0
  const cpu = process.cpuUsage()
  const startedAt = performance.now()
  const until = startedAt + durationMs

  async function call(caller: number): Promise<void> {
    for (let sentAt = performance.now(); sentAt < until; ) {
      const id = documentFor(scenario, caller, operations)
      const fault = faultOf(await peer.get(id), id)
      const answeredAt = performance.now()
      if (fault !== undefined) throw new Error(fault)
      own.record(Math.max(1, Math.round((answeredAt - sentAt) * 1e6)))
      sentAt = answeredAt
      operations += 1
    }
  }

  await Promise.all(Array.from({ length: callersOf(scenario) }, (_, caller) => call(caller)))
  const elapsedMs = performance.now() - startedAt
  const { user, system } = process.cpuUsage(cpu)
  overall.add(own)
  return { operations, elapsedMs, cpuUs: user + system, p50Us: own.percentile(50) / 1e3 }
}
