import { describe, expect, it } from 'vitest'
import { planClinics } from '../../examples/demo/data/clinics.ts'
import { planOperations } from '../../examples/demo/mix.ts'
import type { Operation } from '../../examples/demo/operations.ts'
import type { Targets } from '../../examples/demo/targets.ts'
import type { RunStatement, Statement, TenantAccess } from '../../examples/demo/tenant-access.ts'

const targets: readonly Targets[] = planClinics(1, { clinics: 60, patients: 100_000 }).map((clinic) => ({
  clinic,
  days: [{ day: '2026-01-05', rows: 3 }],
  patients: [`patient of ${clinic.name}`],
  records: [`record of ${clinic.name}`],
  upcoming: [`appointment of ${clinic.name}`],
}))

/** What an operation sends, were it answered with no rows. */
async function statementsOf(operation: Operation): Promise<Statement[]> {
  const sent: Statement[] = []
  const run: RunStatement = async (statement) => {
    sent.push(statement)
    return []
  }
  const access: TenantAccess = {
    query: run,
    batch: async (statements) => {
      sent.push(...statements)
      return []
    },
    transaction: (work) => work(run),
  }
  await operation.run(access, 'signature')
  return sent
}

/** Ids of new records are random, and not part of what is decided by the seed. */
async function planned(seed: number, round: number, count: number): Promise<string[]> {
  const operations = planOperations(seed, round, targets, count)
  return Promise.all(
    operations.map(async (operation) => {
      const sent = JSON.stringify(await statementsOf(operation))
      return `${operation.tenantId} ${sent.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'id')}`
    }),
  )
}

describe('planOperations', () => {
  it('plans the same operations for the same seed and round, and others for others', async () => {
    const first = await planned(7, 1, 500)
    expect(await planned(7, 1, 500)).toEqual(first)
    expect(await planned(7, 2, 500)).not.toEqual(first)
    expect(await planned(8, 1, 500)).not.toEqual(first)
  })

  it('lets seven of ten operations only read', async () => {
    const operations = planOperations(7, 1, targets, 4_000)
    const sent = await Promise.all(operations.map(statementsOf))
    const reads = sent.filter(
      ([first]) => first?.text.trimStart().startsWith('select') && !/for update/.test(first.text),
    )
    expect(reads.length / operations.length).toBeCloseTo(0.7, 1)
  })

  it('works for every clinic, the more often the larger it is', () => {
    const operations = planOperations(7, 1, targets, 20_000)
    const counts = targets.map(
      ({ clinic }) => operations.filter(({ tenantId }) => tenantId === clinic.tenantId).length,
    )
    expect(Math.min(...counts)).toBeGreaterThan(20)
    expect(counts[0]).toBeGreaterThan(20_000 * 0.15)
  })
})
