import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import type { PartitionPlan, PartitionStep } from '../../../../src/partitioning/plan/step.ts'

const MOST_TRIES = 200

/** What a run has measured of its steps. */
export interface RunReport {
  readonly tookMs: Record<string, number>
  readonly tries: Record<string, number>
}

/** Readies a session as the job's is. */
export async function prepareSession(client: Client): Promise<void> {
  await client.query(
    "set timezone = 'UTC'; set datestyle = 'ISO'; set row_security = off; set search_path = pg_catalog; set statement_timeout = 0",
  )
}

/** Runs the steps of a plan, and nothing where it was refused. */
export async function runSteps(
  client: Client,
  plan: PartitionPlan,
  before: (step: PartitionStep) => void = () => {},
): Promise<RunReport> {
  if (plan.refusals.length > 0)
    throw new Error(plan.refusals.map(({ reason, message }) => `${reason}: ${message}`).join('\n'))
  const report: RunReport = { tookMs: {}, tries: {} }
  await prepareSession(client)
  for (const step of plan.steps) {
    before(step)
    for (let attempt = 1; ; attempt++) {
      const begun = performance.now()
      try {
        await runStep(client, step)
        report.tookMs[step.id] = performance.now() - begun
        report.tries[step.id] = attempt
        break
      } catch (error) {
        const code = (error as { code?: string }).code ?? ''
        if (!['55P03', '40P01'].includes(code) || attempt === MOST_TRIES) throw error
        await sleep(20 + Math.random() * 100)
      }
    }
  }
  return report
}

async function runStep(client: Client, step: PartitionStep): Promise<void> {
  if (step.kind === 'statement') {
    await client.query(`set lock_timeout = ${step.lockTimeoutMs}`)
    for (const statement of step.statements) await client.query(statement)
    return
  }
  const text = [
    'begin;',
    `set local lock_timeout = ${step.lockTimeoutMs};`,
    ...step.statements,
    'commit;',
  ].join('\n')
  try {
    // In one message: each further one would be a round trip under the locks.
    await client.query(text)
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  }
}
