import type pg from 'pg'
import type { PartitionPlan } from '../../../src/partitioning/plan/step.ts'

/** A step that failed, and why. */
export interface FailedStep {
  readonly id: string
  readonly error: string
}

/**
 * Runs a plan as a run does, a failed step skipping its chain, within a transaction that is rolled back later. Only transactions: what takes
 * no transaction, such as DETACH CONCURRENTLY, cannot be in one.
 */
export async function applySteps(
  client: Pick<pg.Client, 'query'>,
  { steps }: PartitionPlan,
): Promise<readonly FailedStep[]> {
  const failed: FailedStep[] = []
  const broken = new Set<string>()
  for (const step of steps) {
    if (broken.has(step.chain)) continue
    if (step.statements.some((sql) => /\bconcurrently\b/i.test(sql)))
      throw new Error(`${step.id} takes no transaction`)
    await client.query('savepoint step')
    try {
      for (const statement of step.statements) await client.query(statement)
    } catch (error) {
      await client.query('rollback to savepoint step')
      broken.add(step.chain)
      failed.push({ id: step.id, error: String(error) })
    }
    await client.query('release savepoint step')
  }
  return failed
}
