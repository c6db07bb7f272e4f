import { quoteText } from '../../rls/sql/quote.ts'
import type { PartitionCatalog, RelationState, TableState } from '../catalog/partition-catalog.ts'
import type { PartitionSet } from '../definition/partition-options.ts'
import type { LedgerRow } from '../ledger/ledger-row.ts'
import type { PartitionPlan, PartitionStep } from '../plan/step.ts'

/** What is to be kept, or no longer. */
export interface HoldOptions {
  /** The partition's name, without a schema. */
  readonly partition: string
  /** Why it must be kept, such as the number of a case; `undefined` releases it. */
  readonly reason: string | undefined
}

/** A partition that is held. */
export interface HeldPartition {
  /** `schema.name` of the partitioned table, unquoted. */
  readonly table: string
  readonly partition: string
  readonly reason: string
}

const LOCK_TIMEOUT_MS = 100

/**
 * Plans a legal hold: a partition with one is neither detached nor dropped, however old it is. It stands in the ledger, by the table's oid.
 *
 * @returns one step; none where nothing would change; a refusal where there is no such partition
 */
export function planHold(
  set: PartitionSet,
  catalog: PartitionCatalog,
  { partition, reason }: HoldOptions,
): PartitionPlan {
  for (const table of catalog.tables) {
    const relation = [...table.leaves, ...table.loose].find(({ name }) => name === partition)
    if (relation) return { steps: holdSteps(set, table, relation, reason), refusals: [] }
  }
  return {
    steps: [],
    refusals: [
      {
        table: catalog.tables.map(({ definition }) => `${set.schema}.${definition.name}`).join(', '),
        partition,
        reason: 'partition-missing',
        message: `There is no partition ${partition}, attached or detached.`,
        fix: '`leasehold partitions explain` lists those that there are. One that was dropped is kept in its archive.',
      },
    ],
  }
}

function holdSteps(
  set: PartitionSet,
  { definition, ledger, leaves }: TableState,
  relation: RelationState,
  reason: string | undefined,
): readonly PartitionStep[] {
  const row = ledger.find(({ oid }) => oid === relation.oid)
  if (row?.hold === reason) return []
  const parent = `${set.schema}.${definition.name}`
  const leaf = leaves.find(({ oid }) => oid === relation.oid)
  const verb = reason === undefined ? 'release' : 'hold'
  return [
    {
      id: `hold/${parent}/${relation.name}/${verb}`,
      phase: 'hold',
      table: parent,
      partition: relation.name,
      purpose:
        reason === undefined
          ? 'It may be retired and dropped again, when its time has come.'
          : 'It is neither retired nor dropped, however old it is.',
      kind: 'transaction',
      statements: [
        holdStatement(parent, relation, {
          reason,
          lowUs: leaf?.lowUs,
          highUs: leaf?.highUs,
          isAttached: leaf !== undefined,
        }),
      ],
      locks: [{ table: 'leasehold.partition_ledger', mode: 'ROW EXCLUSIVE' }],
      lockTimeoutMs: LOCK_TIMEOUT_MS,
      chain: `hold/${parent}/${relation.name}`,
    },
  ]
}

interface Held extends Pick<LedgerRow, 'lowUs' | 'highUs'> {
  readonly reason: string | undefined
  readonly isAttached: boolean
}

/** A partition that the job has not made may not stand in the ledger yet. */
function holdStatement(parent: string, { oid, name }: RelationState, held: Held): string {
  const hold = held.reason === undefined ? 'null' : quoteText(held.reason).trimStart()
  const state = held.isAttached ? 'attached' : 'detached'
  return `insert into leasehold.partition_ledger ("table", partition, oid, low_us, high_us, state, hold)
values (${quoteText(parent).trimStart()}, ${quoteText(name).trimStart()}, ${oid}, ${held.lowUs ?? 'null'}, ${held.highUs ?? 'null'}, '${state}', ${hold})
on conflict ("table", oid) do update set hold = excluded.hold, updated_at = now();`
}

/** All partitions that are held. */
export function heldPartitions({ tables }: PartitionCatalog): readonly HeldPartition[] {
  return tables.flatMap(({ ledger }) =>
    ledger.flatMap(({ table, partition, hold, state }) =>
      hold === undefined || state === 'dropped' ? [] : [{ table, partition, reason: hold }],
    ),
  )
}
