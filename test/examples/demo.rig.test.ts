import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compare } from '../../examples/demo/compare.ts'
import { startPooler } from '../../examples/demo/pooler.ts'
import { readTargets } from '../../examples/demo/targets.ts'
import { findFaults } from '../../examples/demo/verdict.ts'
import { inspectWrittenRows } from '../../examples/demo/written-rows.ts'
import { SEED, type SmallClinics, startSmallClinics } from './small-clinics.ts'

let resources: AsyncDisposableStack
let clinics: SmallClinics

beforeAll(async () => {
  resources = new AsyncDisposableStack()
  clinics = await startSmallClinics(resources)
})
afterAll(() => resources?.disposeAsync())

describe('the comparison', () => {
  it('shows that session-set leaks, and that the other two do not', async () => {
    const { admin, primary } = clinics
    const pooler = await startPooler(primary, 'postgres', resources)
    const targets = await readTargets(admin, clinics.clinics)
    const progress = { step: () => {}, update: () => {}, done: () => {} }
    const { signal } = new AbortController()
    const results = await compare({ pooler, admin, targets, seed: SEED, seconds: 1, progress, signal })

    expect(findFaults(results)).toEqual([])
    const [sessionSet, handWritten, leasehold] = results
    expect(sessionSet?.foreignRows).toBeGreaterThan(100)
    expect(new Set(results.map(({ operations }) => operations)).size).toBe(1)
    // Of a hundred operations seven are a batch of two statements and three a transaction of two.
    expect(handWritten?.roundTripsPerOperation).toBeCloseTo(4.1, 1)
    expect(leasehold?.roundTripsPerOperation).toBeCloseTo(1.06, 1)
    expect(results.map(({ serverConnections }) => serverConnections)).toEqual([6, 6, 6])
  })

  it('finds a written row that lies in another tenant', async () => {
    const { admin, clinics: all } = clinics
    const before = await inspectWrittenRows(admin, 'leasehold')
    expect(before.written).toBeGreaterThan(0)
    expect(before.misplaced).toBe(0)
    await admin.query(
      `insert into audit_log (tenant_id, at, actor, action, record_id)
       values ($1::uuid, '2026-11-02', 'demo:leasehold:' || $2, 'write', gen_random_uuid())`,
      [all[0]?.tenantId, all[1]?.tenantId],
    )
    expect(await inspectWrittenRows(admin, 'leasehold')).toEqual({
      written: before.written + 1,
      misplaced: 1,
    })
  })
})
