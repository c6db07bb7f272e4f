import { setTimeout as sleep } from 'node:timers/promises'
import { isServerError } from '../../errors/server-error.ts'
import { isConnectionGone } from '../../rls/rollout/lost-connection.ts'
import type { ExpectedLock, PartitionStep } from '../plan/step.ts'
import { jitterMs } from './jitter.ts'
import { describeHolder, type LockHolder } from './lock-holders.ts'
import { failureOf } from './step-failure.ts'
import { deferred, isOver, type StepOutcome, type StepRun } from './step-run.ts'
import { transactionText } from './step-text.ts'

const DEFAULT_BUDGET_MS = 60_000
/** A transaction that has been open for so long may be open for ever: a try would only make others wait. */
const OLD_MS = 1_000
/** lock_not_available, deadlock_detected, serialization_failure. */
const WORTH_ANOTHER_TRY: readonly string[] = ['55P03', '40P01', '40001']
/** query_canceled: by an operator, as no step has a statement_timeout. */
const CANCELED = '57014'

/**
 * Tries a step until it has its locks, or its budget is used up. It is not tried while a transaction of more than a second holds what
 * it would wait for: whoever comes after it would wait along.
 *
 * @throws what the network, or a server that goes down, says
 */
export async function tryStep(run: StepRun, step: PartitionStep): Promise<StepOutcome> {
  const { lockBudgetMs = DEFAULT_BUDGET_MS, random = Math.random, signal } = run.options
  const begun = performance.now()
  let attempts = 0
  for (let looks = 1; ; looks++) {
    const over = isOver(run, step)
    if (over) return { ...over, attempts }
    let holders = await run.watch.holders(waitedFor(step))
    let sqlState: string | undefined
    if (!holders.some(({ ageMs }) => ageMs > OLD_MS)) {
      attempts += 1
      const error = await attempt(run, step)
      if (error === undefined) return { outcome: 'done', attempts }
      const end = endOf(step, error, attempts)
      if (end) return end
      sqlState = isServerError(error) ? error.code : undefined
      holders = await run.watch.holders(waitedFor(step))
    }
    if (performance.now() - begun >= lockBudgetMs) return blocked(step, attempts, holders)
    const againInMs = Math.max(10, jitterMs(looks, random()))
    run.waits({ step, attempt: attempts, sqlState, holders, againInMs })
    // Aborting ends the wait, and the loop says so.
    await sleep(againInMs, undefined, signal ? { signal } : {}).catch(() => {})
  }
}

/**
 * What a step waits for. A DETACH CONCURRENTLY waits for everybody who uses the table, under no lock of its own; begun while somebody
 * stays, it would come to nothing but a pending detach.
 *
 * @see https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DETACH-PARTITION
 */
function waitedFor(step: PartitionStep): readonly ExpectedLock[] {
  return isConcurrentDetach(step)
    ? [...step.locks, { table: step.table, mode: 'ACCESS EXCLUSIVE' }]
    : step.locks
}

function isConcurrentDetach({ kind, statements }: PartitionStep): boolean {
  return (
    kind === 'statement' && statements.some((text) => /\bdetach partition\b.*\bconcurrently\b/is.test(text))
  )
}

/** @returns what the server said, or nothing where the step is done */
async function attempt(run: StepRun, step: PartitionStep): Promise<unknown> {
  try {
    if (step.kind === 'statement') await sendAlone(run, step)
    else await run.client.query(transactionText(step, run.isPooled))
    return undefined
  } catch (error) {
    if (!isServerError(error) || isConnectionGone(error)) throw error
    if (step.kind !== 'statement') await run.client.query('rollback')
    return error
  }
}

/** Never with another statement in one message: that would be a transaction, in which PostgreSQL takes none of these. */
async function sendAlone(
  { client, isPooled }: StepRun,
  { statements, lockTimeoutMs }: PartitionStep,
): Promise<void> {
  if (isPooled) {
    for (const statement of statements) await client.query(statement)
    return
  }
  await client.query(`set lock_timeout = ${lockTimeoutMs}`)
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    // Where the connection is gone, the first error says so.
    await client.query('reset lock_timeout').catch(() => {})
  }
}

/** What ends the tries of a step; nothing where another may succeed. */
function endOf(step: PartitionStep, error: unknown, attempts: number): StepOutcome | undefined {
  if (!isServerError(error)) return { outcome: 'failed', attempts, error: failureOf(step, error) }
  const leavesHalf = step.kind === 'statement' && /\bconcurrently\b/i.test(step.statements.join(' '))
  const isWorthIt = WORTH_ANOTHER_TRY.includes(error.code)
  if (error.code === CANCELED || (leavesHalf && isWorthIt)) {
    return deferred(
      'interrupted',
      `The step ${step.id} ended half way (SQLSTATE ${error.code}): ${error.code === CANCELED ? 'it was cancelled' : 'others used the table for too long'}. ` +
        'Run this again: what it left is ended first.',
      { attempts },
    )
  }
  return isWorthIt ? undefined : { outcome: 'failed', attempts, error: failureOf(step, error) }
}

function blocked(step: PartitionStep, attempts: number, holders: readonly LockHolder[]): StepOutcome {
  const who =
    holders.length > 0
      ? `${holders.slice(0, 5).map(describeHolder).join('; ')}.`
      : 'Nobody was seen to hold them when it was looked for.'
  return deferred(
    'locked',
    `The step ${step.id} did not get its locks in time, after ${attempts} tries: ${who} End those transactions, or wait for them, then run ` +
      'this again.',
    { attempts, holders },
  )
}
