import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type {
  Leaf,
  LooseTable,
  PartitionCatalog,
} from '../../../src/partitioning/catalog/partition-catalog.ts'
import { coveredUntil } from '../../../src/partitioning/check/spans.ts'
import type { LedgerRow, LedgerState } from '../../../src/partitioning/ledger/ledger-row.ts'
import { addMonths, monthOf, monthStartUs } from '../../../src/partitioning/months/month.ts'
import { partitionName } from '../../../src/partitioning/months/partition-name.ts'
import { planPartitions } from '../../../src/partitioning/plan/plan-partitions.ts'
import { catalogWith, ledgerRow, relation, SET, leaf as soundLeaf, TABLE } from '../check/sound-catalog.ts'
import { SimulatedDatabase } from './support/simulated-database.ts'

const NOW = monthOf(2026, 11)
const TENANTS = { name: 'audit_log_tenant_id_fkey', table: 'public.tenants', inherited: false }
/** Far more than any of the catalogs needs: one month is retired in each run. */
const MOST_RUNS = 60

type Fate = 'absent' | 'attached' | 'held' | 'open' | 'unknown' | 'staged' | 'stray' | 'settled' | 'pending'

const anyFate = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom<Fate>('attached') },
  { weight: 5, arbitrary: fc.constantFrom<Fate>('absent') },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Fate>('held', 'open', 'unknown', 'staged', 'stray', 'settled', 'pending'),
  },
)

/** Catalogs of months around now, each of which has come to something; with keys to other tables, or none. */
const anyCatalog: fc.Arbitrary<PartitionCatalog> = fc
  .record({
    fates: fc.array(anyFate, { minLength: 0, maxLength: 30 }),
    ahead: fc.integer({ min: -3, max: 4 }),
    premake: fc.integer({ min: 1, max: 5 }),
    retainMonths: fc.option(fc.integer({ min: 1, max: 24 }), { nil: undefined }),
    minLeaves: fc.integer({ min: 1, max: 6 }),
    maxRetirePerRun: fc.integer({ min: 1, max: 4 }),
    archived: fc.boolean(),
    prepared: fc.boolean(),
    key: fc.boolean(),
    granted: fc.boolean(),
    fallback: fc.constantFrom('none', 'none', 'none', 'empty', 'filled'),
  })
  .map(({ fates, ahead, archived, prepared, key, granted, fallback, ...rules }) => {
    const leaves: Leaf[] = []
    const loose: LooseTable[] = []
    const ledger: LedgerRow[] = []
    const foreignKeys = key ? [{ ...TENANTS, inherited: true }] : []
    const oldest = addMonths(NOW, ahead - fates.length)
    for (const [index, fate] of fates.entries()) {
      const month = addMonths(oldest, index)
      const [lowUs, highUs] = [monthStartUs(month), monthStartUs(addMonths(month, 1))]
      const made = relation(partitionName(TABLE.name, month), { foreignKeys })
      const note = (state: LedgerState, change: Partial<LedgerRow> = {}) =>
        ledger.push(
          ledgerRow(made.oid, {
            partition: made.name,
            lowUs,
            highUs,
            state,
            detachedAtUs: undefined,
            dropAfterUs: undefined,
            ...change,
          }),
        )
      const attach = (change: Partial<Leaf> = {}) =>
        leaves.push({ ...soundLeaf('2026-01-01', '2026-02-01'), ...made, lowUs, highUs, ...change })
      if (fate === 'attached') {
        attach()
        note('attached')
      } else if (fate === 'held') {
        attach()
        note('attached', { hold: 'case 7' })
      } else if (fate === 'open') {
        attach({ rowSecurity: false, policies: 1, policyNames: ['p'], grantees: ['app', ''], owner: 'job' })
        note('staged')
      } else if (fate === 'unknown') {
        attach()
      } else if (
        fate === 'pending' &&
        !leaves.some(({ detachPending }) => detachPending) &&
        fallback === 'none'
      ) {
        attach({ detachPending: true })
        note('retiring')
      } else if (fate === 'staged') {
        loose.push({ ...made, foreignKeys: [], checks: [], isEmpty: true })
        note('staged')
      } else if (fate === 'stray') {
        loose.push({ ...made, checks: [], isEmpty: false })
        if (index % 2 === 0) note('retiring')
      } else if (fate === 'settled') {
        loose.push({ ...made, schema: SET.detachedSchema, checks: [], isEmpty: false })
        note('detached', { detachedAtUs: lowUs, dropAfterUs: highUs })
      }
    }
    if (fallback !== 'none') {
      leaves.push({
        ...soundLeaf('2026-01-01', '2026-02-01'),
        ...relation('rest'),
        isDefault: true,
        lowUs: undefined,
        highUs: undefined,
        isEmpty: fallback === 'empty',
      })
    }
    const sound = catalogWith({
      leaves: () => leaves,
      loose,
      ledger,
      definition: { ...rules, ...(archived ? {} : { archive: undefined }) },
      parent: { foreignKeys: key ? [TENANTS] : [] },
    })
    return {
      ...sound,
      prepared: { partsSchema: prepared, detachedSchema: prepared, ledger: prepared },
      schemas: sound.schemas.map((schema) => ({ ...schema, grantees: granted ? ['app', ''] : [] })),
      defaultPrivileges: granted
        ? [{ maker: 'job', schema: undefined, grantee: 'app', privileges: ['SELECT'] }]
        : [],
    }
  })

/** Plans and does all of it, again and again, until nothing is left. */
function settle(database: SimulatedDatabase): number {
  for (let runs = 0; runs < MOST_RUNS; runs++) {
    const { steps } = planPartitions(SET, database.catalog)
    if (steps.length === 0) return runs
    for (const step of steps) database.run(step)
  }
  const left = planPartitions(SET, database.catalog).steps.map(({ id }) => id)
  throw new Error(`It does not come to an end: ${left.join(', ')}`)
}

const leavesOf = (catalog: PartitionCatalog) =>
  (catalog.tables[0]?.leaves ?? []).filter(({ isDefault }) => !isDefault)

describe('A plan that is carried out', () => {
  it('comes to an end after which there is nothing to plan, and loses nothing', () => {
    const property = fc.property(anyCatalog, (catalog) => {
      const database = new SimulatedDatabase(catalog)
      settle(database)
      expect(planPartitions(SET, database.catalog).steps).toEqual([])
      expect(database.lost).toEqual([])
    })
    fc.assert(property, { numRuns: 500 })
  })

  it('leaves every month there that was asked for, without a gap and without an overlap', () => {
    const property = fc.property(anyCatalog, (catalog) => {
      const database = new SimulatedDatabase(catalog)
      settle(database)
      const { refusals } = planPartitions(SET, database.catalog)
      const leaves = leavesOf(database.catalog).toSorted((a, b) => Number((a.lowUs ?? 0n) - (b.lowUs ?? 0n)))
      for (const [index, { lowUs }] of leaves.entries()) {
        const before = leaves[index - 1]?.highUs
        if (before !== undefined && lowUs !== undefined) expect(lowUs >= before).toBe(true)
      }
      if (refusals.some(({ reason }) => reason === 'default-partition')) return
      const premake = catalog.tables[0]?.definition.premake ?? 0
      const until = coveredUntil(leaves, monthStartUs(NOW))
      expect(until === undefined || until >= monthStartUs(addMonths(NOW, premake + 1))).toBe(true)
    })
    fc.assert(property, { numRuns: 500 })
  })

  it('retires nothing that is kept, held, or below the floor', () => {
    const property = fc.property(anyCatalog, (catalog) => {
      const database = new SimulatedDatabase(catalog)
      settle(database)
      const [before, after] = [leavesOf(catalog), leavesOf(database.catalog)]
      const { retainMonths, minLeaves } = catalog.tables[0]?.definition ?? TABLE
      const oldest = retainMonths === undefined ? undefined : monthStartUs(addMonths(NOW, -retainMonths))
      for (const leaf of before) {
        if (leaf.detachPending || after.some(({ oid }) => oid === leaf.oid)) continue
        expect(oldest !== undefined && leaf.highUs !== undefined && leaf.highUs <= oldest, leaf.name).toBe(
          true,
        )
        expect(database.ledger.find(({ oid }) => oid === leaf.oid)?.hold).toBeUndefined()
        expect(after.length).toBeGreaterThanOrEqual(minLeaves)
      }
    })
    fc.assert(property, { numRuns: 500 })
  })

  it('is stopped anywhere, and comes to the same end', () => {
    const property = fc.property(
      anyCatalog,
      fc.array(fc.nat({ max: 40 }), { maxLength: 8 }),
      (catalog, stops) => {
        const whole = new SimulatedDatabase(catalog)
        settle(whole)
        const stopped = new SimulatedDatabase(catalog)
        for (const stop of stops) {
          const { steps } = planPartitions(SET, stopped.catalog)
          for (const step of steps.slice(0, stop)) stopped.run(step)
          const cut = steps[stop]
          if (cut?.kind === 'statement' && cut.phase === 'retire') stopped.run(cut, true)
          expect(leavesOf(stopped.catalog).filter(({ detachPending }) => detachPending).length).toBeLessThan(
            2,
          )
        }
        settle(stopped)
        expect(stopped.lost).toEqual([])
        expect(fingerprint(stopped)).toEqual(fingerprint(whole))
      },
    )
    fc.assert(property, { numRuns: 300 })
  })

  it('is the same plan each time, its ids are told apart, and its phases are in order', () => {
    const order = ['prepare', 'reconcile', 'premake', 'retire', 'archive', 'drop', 'analyze']
    const property = fc.property(anyCatalog, (catalog) => {
      const plan = planPartitions(SET, catalog)
      expect(planPartitions(SET, structuredClone(catalog))).toEqual(plan)
      const ids = plan.steps.map(({ id }) => id)
      expect(new Set(ids).size).toBe(ids.length)
      const phases = plan.steps.map(({ phase }) => order.indexOf(phase))
      expect(phases).toEqual(phases.toSorted((a, b) => a - b))
      const ahead = plan.steps.filter(({ id }) => id.startsWith('premake/') && id.endsWith('/attach'))
      const months = ahead.map(({ id }) => id.split('/')[2] ?? '')
      const split = months.findIndex((month) => month < '2026-11')
      const parts = split === -1 ? [months] : [months.slice(0, split), months.slice(split)]
      for (const part of parts) expect(part).toEqual(part.toSorted())
    })
    fc.assert(property, { numRuns: 500 })
  })
})

/** What has come of each month, without the oids that a server would give. */
function fingerprint(database: SimulatedDatabase): readonly string[] {
  const [state] = database.catalog.tables
  const ledger = new Map(database.ledger.map((row) => [row.oid, row.state]))
  return [...(state?.leaves ?? []), ...(state?.loose ?? [])]
    .map(({ oid, schema, name, owner, rowSecurity, forceRowSecurity, policies, grantees, foreignKeys }) => {
      const keys = foreignKeys.map((key) => key.name)
      return JSON.stringify([
        schema,
        name,
        owner,
        rowSecurity,
        forceRowSecurity,
        policies,
        grantees,
        keys,
        ledger.get(oid),
      ])
    })
    .toSorted()
}
