import { performance, type RecordableHistogram } from 'node:perf_hooks'
import type { TenantPeer } from './peer.ts'
import { runOperation, type Workload } from './workload.ts'

/** What one peer did in one slice of time. */
export interface Slice {
  readonly operations: number
  readonly elapsedMs: number
  /** Processor time of the peer's process. */
  readonly cpuUs: number
  readonly foreignRows: number
}

/**
 * Has callers, who each wait for their answer before the next operation, work until the time is up and all have theirs.
 *
 * @param callers how many operations are under way at any time
 * @param latenciesNs where the time of each operation is recorded
 * @throws when an answer is not exactly what was asked for
 */
export async function runSlice(
  peer: TenantPeer,
  workload: Workload,
  callers: number,
  durationMs: number,
  latenciesNs: RecordableHistogram,
): Promise<Slice> {
  let operations = 0
  let foreignRows = 0
  const cpu = process.cpuUsage()
  const startedAt = performance.now()
  const until = startedAt + durationMs

  async function call(): Promise<void> {
    for (let sentAt = performance.now(); sentAt < until; ) {
      const verdict = await runOperation(peer, workload)
      const answeredAt = performance.now()
      latenciesNs.record(Math.max(1, Math.round((answeredAt - sentAt) * 1e6)))
      sentAt = answeredAt
      operations += 1
      foreignRows += verdict.foreignRows
      if (verdict.fault !== undefined && verdict.foreignRows === 0) throw new Error(verdict.fault)
    }
  }

  await Promise.all(Array.from({ length: callers }, call))
  const elapsedMs = performance.now() - startedAt
  const { user, system } = process.cpuUsage(cpu)
  return { operations, elapsedMs, cpuUs: user + system, foreignRows }
}
