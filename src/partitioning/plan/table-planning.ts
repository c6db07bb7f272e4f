import type { Leaf, ParentState, PartitionCatalog, TableState } from '../catalog/partition-catalog.ts'
import { identOf } from '../check/relation-name.ts'
import type { PartitionedTable, PartitionSet } from '../definition/partition-options.ts'
import type { LedgerRow } from '../ledger/ledger-row.ts'
import { addMonths, type Month, monthAt, monthStartUs, monthText } from '../months/month.ts'
import { monthOfPartitionName, partitionName } from '../months/partition-name.ts'
import type { ExpectedLock, PartitionStep, Phase, PlanRefusal } from './step.ts'

/** What a step says of itself; the rest follows from its table, its phase and its place. */
export interface StepParts
  extends Pick<PartitionStep, 'purpose' | 'statements' | 'locks' | 'undo' | 'relation'> {
  /** The partition's name. */
  readonly partition?: string
  /** @default 'transaction' */
  readonly kind?: PartitionStep['kind']
  /** @default 100 */
  readonly lockTimeoutMs?: number
  /** @default the id without its last part */
  readonly chain?: string
}

/** A wait that nobody else has to wait behind, or nobody but the job itself. */
const LOCK_TIMEOUT_MS = 100

/** One table of a plan, with what its phases ask of it again and again. */
export class TablePlanning {
  readonly set: PartitionSet
  readonly catalog: PartitionCatalog
  readonly state: TableState
  readonly parent: ParentState
  readonly table: PartitionedTable
  /** `schema.name`, unquoted; `ident` is the same for SQL. */
  readonly object: string
  readonly ident: string
  /** The month of the server's clock. */
  readonly now: Month
  /** The oldest month that is kept; nothing where rows are kept for ever. */
  readonly oldestKept: Month | undefined
  /** Partitions that take rows. */
  readonly attached: readonly Leaf[]
  /** Those whose detach was begun and not ended. */
  readonly pending: readonly Leaf[]
  readonly fallback: Leaf | undefined

  constructor(set: PartitionSet, catalog: PartitionCatalog, state: TableState, parent: ParentState) {
    const { definition, leaves } = state
    const named = { schema: set.schema, name: definition.name }
    this.set = set
    this.catalog = catalog
    this.state = state
    this.parent = parent
    this.table = definition
    this.object = `${named.schema}.${named.name}`
    this.ident = identOf(named)
    this.now = monthAt(catalog.nowUs)
    this.oldestKept =
      definition.retainMonths === undefined ? undefined : addMonths(this.now, -definition.retainMonths)
    this.attached = leaves.filter(({ isDefault, detachPending }) => !isDefault && !detachPending)
    this.pending = leaves.filter(({ isDefault, detachPending }) => !isDefault && detachPending)
    this.fallback = leaves.find(({ isDefault }) => isDefault)
  }

  /** The partition that a month has, or will have. */
  partition(month: Month): { readonly schema: string; readonly name: string } {
    return { schema: this.set.partsSchema, name: partitionName(this.table.name, month) }
  }

  /** A partition in ids: its month where its name has one, else the name. */
  label(name: string): string {
    const month = monthOfPartitionName(this.table.name, name)
    return month === undefined ? name : monthText(month)
  }

  ledgerRow(oid: number): LedgerRow | undefined {
    return this.state.ledger.find((row) => row.oid === oid)
  }

  /** Whether all of a partition is older than what is kept. */
  isDue(highUs: bigint | undefined): boolean {
    return this.oldestKept !== undefined && highUs !== undefined && highUs <= monthStartUs(this.oldestKept)
  }

  /** Tables that the foreign keys of the table refer to, and those that refer to it, each once: ATTACH and DETACH lock them too. */
  get relatedTables(): readonly string[] {
    const keys = [...this.parent.foreignKeys, ...this.parent.referencedBy]
    return [...new Set(keys.map(({ table }) => table))].filter((table) => table !== this.object)
  }

  /** Locks on tables that foreign keys lead to. */
  relatedLocks(mode: ExpectedLock['mode']): readonly ExpectedLock[] {
    return this.relatedTables.map((table) => ({ table, mode }))
  }

  /** @param label the partition in ids */
  step(phase: Phase, label: string, name: string, parts: StepParts): PartitionStep {
    const { partition, kind = 'transaction', lockTimeoutMs = LOCK_TIMEOUT_MS, chain, ...rest } = parts
    const subject = `${phase}/${this.object}/${label}`
    return {
      id: `${subject}/${name}`,
      phase,
      table: this.object,
      partition,
      kind,
      lockTimeoutMs,
      chain: chain ?? subject,
      ...rest,
    }
  }

  refusal(
    reason: string,
    texts: { readonly partition?: string; readonly message: string; readonly fix: string },
  ): PlanRefusal {
    const { partition, message, fix } = texts
    return { table: this.object, partition, reason, message, fix }
  }
}
