import type { CatalogClient } from '../../rls/catalog/catalog-client.ts'
import type { PartitionPlan } from '../plan/step.ts'
import { answeringWithin } from './answered-within.ts'
import type { ApplyOptions } from './apply-options.ts'
import { LockWatch } from './lock-holders.ts'
import { PartitionLostError } from './partition-lost-error.ts'
import { guardRun, type RunGuard } from './run-guard.ts'
import type { PartitionReport } from './run-report.ts'
import { isLost, runSteps } from './run-steps.ts'
import { readMoment } from './server-clock.ts'

export type { ApplyOptions, ReplicaReader } from './apply-options.ts'
export type { LockHolder } from './lock-holders.ts'
export { PartitionLostError } from './partition-lost-error.ts'
export type {
  DeferReason,
  DeferredStep,
  DoneStep,
  FailedStep,
  PartitionEvent,
  PartitionReport,
} from './run-report.ts'

const DEFAULT_DEADLINE_MS = 3_600_000
const DEFAULT_STEP_MS = 14_400_000
/** For what reads the catalogs. */
const CATALOGS_MS = 60_000
const NOTHING: PartitionReport = { done: [], deferred: [], failed: [], skipped: [], inRecovery: false }

/**
 * Runs a plan: each step on its own, with short waits for locks, and one run of a table at a time. A run that is killed anywhere is taken
 * up by the next, which plans anew from what is there. On a standby there is nothing to do.
 *
 * @param client connected to PostgreSQL itself as a member of the owner of the tables, in no transaction, used by nobody else, and without a
 *   `query_timeout`. After a {@link PartitionLostError} it is to be closed
 * @throws {PartitionBusyError} another run works on one of the tables; nothing was changed
 * @throws {PartitionRefusedError} the connection is none that partitions can be worked on with; nothing was changed
 * @throws {PartitionLostError} with the report as far as it goes
 */
export async function applyPlan(
  plan: PartitionPlan,
  client: CatalogClient,
  options: ApplyOptions = {},
): Promise<PartitionReport> {
  const { deadlineMs = DEFAULT_DEADLINE_MS, stepTimeoutMs = DEFAULT_STEP_MS, now = Date.now } = options
  const deadlineAtMs = performance.now() + deadlineMs
  const bounded = answeringWithin(client, CATALOGS_MS)
  let guard: RunGuard | undefined
  let isGone = false
  try {
    const { inRecovery, skewMs } = await readMoment(bounded, now)
    if (inRecovery) return { ...NOTHING, inRecovery }
    const tables = plan.steps.map(({ table }) => table)
    guard = await guardRun({ client, bounded }, tables, options)
    const { steps } = options.replan ? await options.replan(client) : plan
    const run = {
      client: answeringWithin(client, stepTimeoutMs),
      watch: new LockWatch(bounded),
      options,
      isPooled: options.pooled !== undefined,
      deadlineAtMs,
      waits: (wait) => options.onEvent?.({ type: 'wait', ...wait }),
    } satisfies Parameters<typeof runSteps>[0]
    const locked = options.replan ? steps.filter(({ table }) => tables.includes(table)) : steps
    return await runSteps(run, locked, { skewMs, beforeStep: guard.confirm })
  } catch (error) {
    isGone = error instanceof PartitionLostError || isLost(error)
    throw isGone && !(error instanceof PartitionLostError)
      ? new PartitionLostError(undefined, NOTHING, error)
      : error
  } finally {
    // A connection that is gone has taken its locks and settings along. One that is not must not keep them, nor hide the first error.
    if (guard && !isGone) await guard.release().catch(() => {})
  }
}
