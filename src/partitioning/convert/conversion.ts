import { fitName } from '../../rls/policy/derived-name.ts'
import { quoteName } from '../../rls/sql/quote.ts'
import type { PartitionedTable, PartitionSet } from '../definition/partition-options.ts'
import type { Month } from '../months/month.ts'
import { monthValue } from '../months/month-bound.ts'
import { partitionName } from '../months/partition-name.ts'
import type { ExpectedLock, PartitionStep, Phase } from '../plan/step.ts'
import type { TableShape } from './shape/table-shape.ts'

const BRIEF_LOCK_MS = 100
/**
 * A statement that waits outside of the queue of readers and writers, under a lock that conflicts with neither: it may wait for the
 * end of a long transaction.
 */
const PATIENT_LOCK_MS = 600_000

/** A table that is to be converted, or was, and the names of what is made for that. */
export class Conversion {
  readonly set: PartitionSet
  readonly table: PartitionedTable
  /** `schema.name`, unquoted; `ident` is the same for SQL. */
  readonly object: string
  readonly ident: string
  /** The name that the old table bears as a partition. */
  readonly legacyName: string
  readonly legacyObject: string
  readonly legacyIdent: string
  /** The CHECK that proves to ATTACH what the old table holds. */
  readonly checkName: string
  /** The index that is built for the key. */
  readonly indexName: string

  constructor(set: PartitionSet, table: PartitionedTable) {
    this.set = set
    this.table = table
    this.object = `${set.schema}.${table.name}`
    this.ident = qualify(set.schema, table.name)
    this.legacyName = fitName(`${table.name}_legacy`)
    this.legacyObject = `${set.partsSchema}.${this.legacyName}`
    this.legacyIdent = qualify(set.partsSchema, this.legacyName)
    this.checkName = fitName(`${table.name}_legacy_bound`)
    this.indexName = fitName(`${table.name}_legacy_key`)
  }

  /** The condition of the CHECK: everything before a month. */
  checkText(month: Month): string {
    const key = quoteName(this.table.key)
    return `${key} is not null and ${key} < ${monthValue(month, this.table.keyType)}`
  }

  /** The partition of a month. */
  partition(month: Month): { readonly name: string; readonly ident: string } {
    const name = partitionName(this.table.name, month)
    return { name, ident: qualify(this.set.partsSchema, name) }
  }

  /** A lock on the table. */
  lock(mode: ExpectedLock['mode'], table: string = this.object): ExpectedLock {
    return { table, mode }
  }

  /** A transaction of changes to the catalogs. */
  brief(phase: Phase, name: string, step: StepParts): PartitionStep {
    return this.#step(phase, name, 'transaction', BRIEF_LOCK_MS, step)
  }

  /** One statement outside of a transaction, under locks that block neither reading nor writing. */
  long(phase: Phase, name: string, step: StepParts): PartitionStep {
    return this.#step(phase, name, 'statement', PATIENT_LOCK_MS, step)
  }

  #step(
    phase: Phase,
    name: string,
    kind: PartitionStep['kind'],
    lockTimeoutMs: number,
    step: StepParts,
  ): PartitionStep {
    const chain = `${phase}/${this.object}`
    const { partition, ...rest } = step
    return {
      id: `${chain}/${name}`,
      phase,
      table: this.object,
      partition,
      kind,
      lockTimeoutMs,
      chain,
      ...rest,
    }
  }
}

type StepParts = Pick<PartitionStep, 'purpose' | 'statements' | 'locks' | 'undo'> & {
  readonly partition?: string
}

/** A qualified name for SQL. */
export function qualify(schema: string, name: string): string {
  return `${quoteName(schema)}.${quoteName(name)}`
}

/** The primary key of a table, if it has one. */
export function primaryKeyOf(shape: TableShape): TableShape['constraints'][number] | undefined {
  return shape.constraints.find(({ kind }) => kind === 'p')
}

/** Other tables that its foreign keys refer to, each once. */
export function referencedTables(
  shape: TableShape,
): readonly { readonly object: string; readonly ident: string }[] {
  const found = shape.constraints.flatMap(({ references }) => (references ? [references] : []))
  return [...new Map(found.map((each) => [each.object, each])).values()]
}
