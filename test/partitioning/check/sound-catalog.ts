import type {
  Leaf,
  LooseTable,
  ParentState,
  PartitionCatalog,
  RelationState,
  TableState,
} from '../../../src/partitioning/catalog/partition-catalog.ts'
import type {
  PartitionedTable,
  PartitionSet,
} from '../../../src/partitioning/definition/partition-options.ts'
import type { LedgerRow } from '../../../src/partitioning/ledger/ledger-row.ts'

/** Microseconds of a day in UTC, `2026-11-01`. */
export const at = (day: string): bigint => BigInt(Date.parse(`${day}T00:00:00Z`)) * 1000n

export const TABLE: PartitionedTable = {
  name: 'audit_log',
  key: 'at',
  keyType: 'timestamptz',
  premake: 2,
  retainMonths: 12,
  graceDays: 14,
  archive: { format: 'ndjson.gz', sink: 'file:///archive' },
  minLeaves: 4,
  maxRetirePerRun: 1,
}

export const SET: PartitionSet = {
  schema: 'public',
  partsSchema: 'public_parts',
  detachedSchema: 'public_detached',
  tenantColumn: 'tenant_id',
  appRole: 'app',
  tables: [TABLE],
}

let nextOid = 20_000

/** A partition as the job makes it, attached to nothing. */
export function relation(name: string, change: Partial<RelationState> = {}): RelationState {
  nextOid += 1
  return {
    oid: nextOid,
    schema: SET.partsSchema,
    name,
    owner: 'owner',
    rowSecurity: true,
    forceRowSecurity: true,
    policies: 0,
    policyNames: [],
    grantees: [],
    foreignKeys: [],
    referencedBy: [],
    invalidIndexes: [],
    replicaIdentity: 'd',
    publications: [],
    isEmpty: undefined,
    ...change,
  }
}

/** A month of the table, by its first day and that of the next. */
export function leaf(low: string, high: string, change: Partial<Leaf> = {}): Leaf {
  return {
    ...relation(`audit_log_${low.slice(0, 7).replace('-', '_')}`),
    isDefault: false,
    lowUs: at(low),
    highUs: at(high),
    detachPending: false,
    missingIndexes: [],
    ...change,
  }
}

/** A detached month. */
export function detached(name: string, change: Partial<LooseTable> = {}): LooseTable {
  return { ...relation(name), schema: SET.detachedSchema, checks: [], isEmpty: false, ...change }
}

export function ledgerRow(oid: number, change: Partial<LedgerRow> = {}): LedgerRow {
  return {
    table: 'public.audit_log',
    partition: 'audit_log_2025_08',
    oid,
    lowUs: at('2025-08-01'),
    highUs: at('2025-09-01'),
    state: 'detached',
    archiveUri: undefined,
    rows: undefined,
    sha256: undefined,
    detachedAtUs: at('2026-11-01'),
    dropAfterUs: at('2026-11-15'),
    hold: undefined,
    ...change,
  }
}

export const RECEIPT = { archiveUri: 'file:///archive/1.json', rows: 3n, sha256: 'ab' } as const

const PARENT: ParentState = {
  oid: 1,
  kind: 'p',
  owner: 'owner',
  partitionKey: { column: 'at', type: 'timestamptz' },
  primaryKey: ['tenant_id', 'at', 'id'],
  foreignKeys: [],
  referencedBy: [],
  rowSecurity: true,
  forceRowSecurity: true,
  grantees: ['app'],
  invalidIndexes: [],
  replicaIdentity: 'd',
  publications: [],
}

const MONTHS = ['2026-09-01', '2026-10-01', '2026-11-01', '2026-12-01', '2027-01-01', '2027-02-01']

/** What a catalog is changed by: each part replaces that of the sound one. */
export interface CatalogChange {
  readonly parent?: Partial<ParentState> | null
  readonly leaves?: (leaves: readonly Leaf[]) => readonly Leaf[]
  readonly loose?: readonly LooseTable[]
  readonly ledger?: readonly LedgerRow[]
  readonly definition?: Partial<PartitionedTable>
  readonly catalog?: Partial<Omit<PartitionCatalog, 'tables'>>
}

/** A catalog in which nothing is wrong, on 10 November 2026, but for the change. */
export function catalogWith(change: CatalogChange = {}): PartitionCatalog {
  const leaves = MONTHS.slice(0, -1).map((low, index) => leaf(low, MONTHS[index + 1] ?? low))
  const table: TableState = {
    definition: { ...TABLE, ...change.definition },
    parent: change.parent === null ? undefined : { ...PARENT, ...change.parent },
    leaves: change.leaves ? change.leaves(leaves) : leaves,
    loose: change.loose ?? [],
    ledger: change.ledger ?? [],
  }
  return {
    nowUs: at('2026-11-10'),
    serverVersion: 180_004,
    inRecovery: false,
    prepared: { partsSchema: true, detachedSchema: true, ledger: true },
    schemas: [SET.partsSchema, SET.detachedSchema].map((name) => ({
      name,
      owner: 'owner',
      grantees: [],
      appUsage: false,
    })),
    defaultPrivileges: [],
    tables: [table],
    ...change.catalog,
  }
}

/** The sound leaves, with one of them changed. */
export function changed(index: number, change: Partial<Leaf>): (leaves: readonly Leaf[]) => readonly Leaf[] {
  return (leaves) => leaves.map((each, at) => (at === index ? { ...each, ...change } : each))
}
