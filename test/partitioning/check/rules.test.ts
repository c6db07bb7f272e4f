import { describe, expect, it } from 'vitest'
import { checkPartitions } from '../../../src/partitioning/check/check-partitions.ts'
import { PARTITION_RULES } from '../../../src/partitioning/check/rules/index.ts'
import {
  at,
  type CatalogChange,
  catalogWith,
  changed,
  detached,
  leaf,
  ledgerRow,
  RECEIPT,
  SET,
} from './sound-catalog.ts'

const rulesFound = (change: CatalogChange) =>
  checkPartitions(SET, catalogWith(change)).map(({ rule }) => rule)

const FK = { name: 'to_tenants', table: 'public.tenants', inherited: false }
const SCHEMA = { name: 'public_parts', owner: 'owner', grantees: [], appUsage: false }
const DEFAULT = { maker: 'owner', schema: 'public_parts', grantee: 'app', privileges: ['SELECT'] }
const DETACHED = detached('audit_log_2025_08')

/** What each rule must find, and what is near to it and right. */
const CASES: Readonly<
  Record<string, { readonly holes: readonly CatalogChange[]; readonly nearMisses: readonly CatalogChange[] }>
> = {
  'table-not-partitioned': {
    holes: [
      { parent: null, leaves: () => [] },
      { parent: { kind: 'r', partitionKey: undefined }, leaves: () => [] },
      { parent: { partitionKey: { column: 'created_at', type: 'timestamptz' } } },
      { parent: { partitionKey: { column: 'at', type: 'timestamp' } } },
      { parent: { partitionKey: undefined } },
    ],
    nearMisses: [{ parent: { partitionKey: { column: 'at', type: 'timestamp with time zone' } } }],
  },
  'parent-row-security': {
    holes: [{ parent: { rowSecurity: false } }, { parent: { forceRowSecurity: false } }],
    nearMisses: [{ parent: { grantees: ['app', 'support'] } }],
  },
  'partition-gap': {
    holes: [
      { leaves: (leaves) => leaves.toSpliced(1, 1) },
      // The four hours that bounds of another time zone leave.
      { leaves: changed(1, { lowUs: at('2026-10-01') + 4n * 3_600_000_000n }) },
      { leaves: changed(1, { lowUs: at('2026-10-01') + 1n }) },
    ],
    nearMisses: [
      { leaves: (leaves) => leaves.slice(1) },
      { leaves: changed(0, { lowUs: undefined }) },
      { leaves: (leaves) => leaves.toReversed() },
    ],
  },
  'partition-overlap': {
    holes: [
      {
        loose: [DETACHED],
        ledger: [
          ledgerRow(DETACHED.oid, { state: 'staged', lowUs: at('2026-09-15'), highUs: at('2026-10-15') }),
        ],
      },
    ],
    nearMisses: [
      {
        loose: [DETACHED],
        ledger: [
          ledgerRow(DETACHED.oid, { state: 'staged', lowUs: at('2027-02-01'), highUs: at('2027-03-01') }),
        ],
      },
    ],
  },
  'months-ahead-missing': {
    holes: [
      { leaves: (leaves) => leaves.slice(0, -1) },
      { leaves: (leaves) => leaves.slice(0, 2) },
      { leaves: () => [] },
      { definition: { premake: 3 } },
    ],
    nearMisses: [
      {
        leaves: (leaves) => [...leaves.slice(0, -1), leaf('2027-01-01', '2027-02-01', { highUs: undefined })],
      },
      { definition: { premake: 1 } },
    ],
  },
  'partition-row-security': {
    holes: [
      { leaves: changed(0, { rowSecurity: false }) },
      { leaves: changed(4, { forceRowSecurity: false }) },
      { loose: [{ ...DETACHED, rowSecurity: false }], ledger: [ledgerRow(DETACHED.oid)] },
    ],
    nearMisses: [{ loose: [DETACHED], ledger: [ledgerRow(DETACHED.oid)] }],
  },
  'partition-policies': {
    holes: [{ leaves: changed(2, { policies: 1, policyNames: ['open'] }) }],
    nearMisses: [{}],
  },
  'partition-grants': {
    holes: [
      { leaves: changed(2, { grantees: ['app'] }) },
      { leaves: changed(2, { grantees: [''] }) },
      { loose: [{ ...DETACHED, grantees: ['app'] }], ledger: [ledgerRow(DETACHED.oid)] },
    ],
    nearMisses: [{ parent: { grantees: ['app', ''] } }],
  },
  'partition-elsewhere': {
    holes: [{ leaves: changed(0, { schema: 'public' }) }],
    nearMisses: [{ loose: [DETACHED], ledger: [ledgerRow(DETACHED.oid)] }],
  },
  'default-partition': {
    holes: [
      {
        leaves: (leaves) => [
          ...leaves,
          leaf('2027-02-01', '2027-03-01', { isDefault: true, lowUs: undefined, highUs: undefined }),
        ],
      },
    ],
    nearMisses: [{ leaves: changed(0, { lowUs: undefined }) }],
  },
  'detach-pending': {
    holes: [{ leaves: changed(0, { detachPending: true }) }],
    nearMisses: [{ loose: [DETACHED], ledger: [ledgerRow(DETACHED.oid, { state: 'retiring' })] }],
  },
  'partition-owner': {
    holes: [
      { leaves: changed(0, { owner: 'maint' }) },
      { loose: [{ ...DETACHED, owner: 'maint' }], ledger: [ledgerRow(DETACHED.oid)] },
    ],
    nearMisses: [{ catalog: { schemas: [{ ...SCHEMA, owner: 'maint' }] } }],
  },
  'index-invalid': {
    holes: [
      { parent: { invalidIndexes: ['audit_log_by_actor'] } },
      { leaves: changed(0, { invalidIndexes: ['audit_log_2026_09_actor_ccnew'] }) },
      { leaves: changed(0, { missingIndexes: ['audit_log_by_actor'] }) },
    ],
    nearMisses: [{}],
  },
  'foreign-key-unmanaged': {
    holes: [
      { parent: { referencedBy: [{ ...FK, table: 'public.notes' }] } },
      { leaves: changed(0, { foreignKeys: [FK] }) },
      { leaves: changed(0, { referencedBy: [{ ...FK, table: 'public.notes' }] }) },
      { loose: [{ ...DETACHED, foreignKeys: [FK] }], ledger: [ledgerRow(DETACHED.oid)] },
    ],
    nearMisses: [
      {
        parent: { foreignKeys: [FK] },
        leaves: (leaves) => leaves.map((each) => ({ ...each, foreignKeys: [{ ...FK, inherited: true }] })),
      },
    ],
  },
  'detached-unrecorded': {
    holes: [
      { loose: [DETACHED] },
      { loose: [DETACHED], ledger: [ledgerRow(1, { state: 'dropped', ...RECEIPT })] },
      { loose: [DETACHED], ledger: [ledgerRow(DETACHED.oid, { state: 'attached' })] },
      { loose: [DETACHED], ledger: [ledgerRow(DETACHED.oid, { state: 'retiring' })] },
    ],
    nearMisses: [{ loose: [DETACHED], ledger: [ledgerRow(DETACHED.oid, { hold: 'case 7' })] }],
  },
  'archive-missing': {
    holes: [
      { ledger: [ledgerRow(7, { state: 'dropped' })] },
      { ledger: [ledgerRow(7, { state: 'dropped', ...RECEIPT, sha256: undefined })] },
      { ledger: [ledgerRow(7, { state: 'detached' })] },
      { ledger: [ledgerRow(7, { state: 'attached' })] },
      { loose: [DETACHED], ledger: [ledgerRow(DETACHED.oid, { state: 'archived' })] },
    ],
    nearMisses: [
      { ledger: [ledgerRow(7, { state: 'dropped', ...RECEIPT })] },
      { loose: [DETACHED], ledger: [ledgerRow(DETACHED.oid, { state: 'archived', ...RECEIPT })] },
      // Made and rolled back, or dropped while it was empty: it never held a row.
      { ledger: [ledgerRow(7, { state: 'staged' })] },
    ],
  },
  'schema-reachable': {
    holes: [
      { catalog: { schemas: [{ ...SCHEMA, grantees: ['app'], appUsage: true }] } },
      { catalog: { schemas: [{ ...SCHEMA, grantees: [''] }] } },
      { catalog: { schemas: [{ ...SCHEMA, owner: 'app', appUsage: true }] } },
    ],
    nearMisses: [{ catalog: { schemas: [{ ...SCHEMA, appUsage: undefined }] } }],
  },
  'default-privileges': {
    holes: [
      { catalog: { defaultPrivileges: [DEFAULT] } },
      { catalog: { defaultPrivileges: [{ ...DEFAULT, schema: undefined }] } },
      { catalog: { defaultPrivileges: [{ ...DEFAULT, maker: 'somebody', grantee: '' }] } },
    ],
    nearMisses: [{ catalog: { defaultPrivileges: [{ ...DEFAULT, maker: 'somebody', schema: undefined }] } }],
  },
  'publication-parity': {
    holes: [
      { leaves: changed(0, { publications: ['export'] }) },
      { loose: [{ ...DETACHED, publications: ['export'] }], ledger: [ledgerRow(DETACHED.oid)] },
    ],
    nearMisses: [
      { parent: { publications: ['export'] } },
      { parent: { publications: ['export'] }, leaves: changed(0, { publications: ['export'] }) },
    ],
  },
  'replica-identity-parity': {
    holes: [{ leaves: changed(0, { replicaIdentity: 'f' }) }, { parent: { replicaIdentity: 'i' } }],
    nearMisses: [
      {
        parent: { replicaIdentity: 'f' },
        leaves: (leaves) => leaves.map((each) => ({ ...each, replicaIdentity: 'f' })),
      },
    ],
  },
}

describe('checkPartitions', () => {
  it('finds nothing where nothing is wrong', () => {
    expect(checkPartitions(SET, catalogWith())).toEqual([])
  })

  it('has cases for every rule, and a rule for every invariant', () => {
    expect(PARTITION_RULES.map(({ id }) => id).toSorted()).toEqual(Object.keys(CASES).toSorted())
    const invariants = new Set(PARTITION_RULES.map(({ invariant }) => invariant))
    for (let number = 1; number <= 10; number += 1) expect(invariants).toContain(`I${number}`)
  })

  describe.each(Object.entries(CASES))('%s', (rule, { holes, nearMisses }) => {
    it.each(holes.map((change) => [change] as const))('is found (%#)', (change) => {
      expect(rulesFound(change)).toContain(rule)
    })

    it.each(nearMisses.map((change) => [change] as const))(
      'is not found in what is near to it (%#)',
      (change) => {
        expect(rulesFound(change)).not.toContain(rule)
      },
    )
  })

  it('tells a hole ahead from one behind by its severity', () => {
    const severityOf = (missing: number) =>
      checkPartitions(SET, catalogWith({ leaves: (leaves) => leaves.toSpliced(missing, 1) })).find(
        ({ rule }) => rule === 'partition-gap',
      )?.severity
    expect([severityOf(1), severityOf(3)]).toEqual(['warning', 'error'])
  })

  it('says that a run leaves alone what was detached and put elsewhere', () => {
    const elsewhere = { ...DETACHED, schema: 'attic', grantees: ['app'] }
    const fixOf = (loose: typeof DETACHED) =>
      checkPartitions(SET, catalogWith({ loose: [loose], ledger: [ledgerRow(DETACHED.oid)] }))[0]?.fix
    expect(fixOf(elsewhere)).toContain('a run leaves it alone')
    expect(fixOf({ ...DETACHED, grantees: ['app'] })).toContain(
      '`leasehold partitions apply` takes all of it back.',
    )
  })

  it('quotes names in the statements that mend', () => {
    const [found] = checkPartitions(
      SET,
      catalogWith({ leaves: changed(0, { name: 'odd "name"; --', grantees: ['Some"body', ''] }) }),
    )
    expect(found?.sql).toBe(
      [
        'revoke all on table "public_parts"."odd ""name""; --" from "Some""body" cascade;',
        'revoke all on table "public_parts"."odd ""name""; --" from public cascade;',
      ].join('\n'),
    )
  })
})
