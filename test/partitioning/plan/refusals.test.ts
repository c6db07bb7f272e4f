import { describe, expect, it } from 'vitest'
import { planPartitions } from '../../../src/partitioning/plan/plan-partitions.ts'
import { type CatalogChange, catalogWith, SET } from '../check/sound-catalog.ts'
import { planOf, reasonsOf } from './support/plan-of.ts'

describe('A table', () => {
  const none = () => []
  it.each<[what: string, reason: string, change: CatalogChange, fix: RegExp]>([
    ['that is not there', 'table-missing', { parent: null }, /migration/],
    [
      'that is a plain one',
      'not-partitioned',
      { parent: { kind: 'r', partitionKey: undefined } },
      /leasehold partitions convert audit_log/,
    ],
    [
      'partitioned by another column',
      'key-differs',
      { parent: { partitionKey: { column: 'id', type: 'timestamptz' } } },
      /Correct key and keyType/,
    ],
    [
      'partitioned by another type',
      'key-differs',
      { parent: { partitionKey: { column: 'at', type: 'timestamp' } } },
      /Correct key and keyType/,
    ],
    [
      'partitioned otherwise',
      'key-differs',
      { parent: { partitionKey: undefined } },
      /Correct key and keyType/,
    ],
    [
      'whose primary key is without its key',
      'key-not-in-primary-key',
      { parent: { primaryKey: ['id'] } },
      /convert audit_log/,
    ],
    [
      'with row security off',
      'row-security-off',
      { parent: { rowSecurity: false } },
      /leasehold rls generate/,
    ],
  ])('%s is refused as a whole', (_, reason, change, fix) => {
    const { steps, refusals } = planOf({ leaves: none, ...change })
    expect(steps).toEqual([])
    expect(refusals).toMatchObject([
      { table: 'public.audit_log', partition: undefined, reason, fix: expect.stringMatching(fix) },
    ])
  })

  it('is not refused for the name that its type has in another place, nor for having no primary key', () => {
    for (const type of ['timestamptz', 'timestamp with time zone', 'timestamp(3) with time zone']) {
      expect(reasonsOf(planOf({ parent: { partitionKey: { column: 'at', type } } })), type).toEqual([])
    }
    expect(reasonsOf(planOf({ parent: { primaryKey: [] } }))).toEqual([])
    const uuid = { keyType: 'uuidv7', key: 'id' } as const
    expect(
      reasonsOf(planOf({ definition: uuid, parent: { partitionKey: { column: 'id', type: 'uuid' } } })),
    ).toEqual([])
  })

  it('that is refused keeps no other from its steps', () => {
    const [refused, sound] = [catalogWith({ parent: null }), catalogWith({ leaves: none })]
    const plan = planPartitions(SET, { ...sound, tables: [...refused.tables, ...sound.tables] })
    expect(reasonsOf(plan)).toEqual(['table-missing'])
    expect(plan.steps.filter(({ id }) => id.endsWith('/attach'))).toHaveLength(3)
  })

  it('is told of all that is wrong with it at once', () => {
    const change = { parent: { kind: 'r', partitionKey: undefined, primaryKey: ['id'] } } as const
    expect(reasonsOf(planOf(change))).toEqual(['not-partitioned', 'key-not-in-primary-key'])
  })
})
