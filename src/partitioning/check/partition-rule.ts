import type { Found } from '../../rls/audit/audit-rule.ts'
import type { Severity } from '../../rls/finding.ts'
import type { PartitionCatalog, TableState } from '../catalog/partition-catalog.ts'
import type { PartitionSet } from '../definition/partition-options.ts'

export type { Found }

/** What a rule looks at: one table of the set, or where it asks for `database`, what belongs to none. */
export interface CheckSubject {
  readonly set: PartitionSet
  readonly catalog: PartitionCatalog
}

/** One thing that has to hold of partitions at any time, and how to see that it does not. Pure. */
export interface PartitionRule {
  /** Stable, in kebab-case. */
  readonly id: string
  /** Which of the invariants of the design it belongs to: `I1` to `I10`; nothing for what they rest on. */
  readonly invariant: `I${number}` | undefined
  /** What is wrong where the rule finds something, in a few words. */
  readonly title: string
  readonly severity: Severity
  find(subject: CheckSubject): readonly Found[]
}

/** A rule that looks at one table at a time. */
export interface TableRule extends Omit<PartitionRule, 'find'> {
  find(table: TableState, subject: CheckSubject): readonly Found[]
}

/** Makes a rule of what it finds on each table. */
export function tableRule({ find, ...rule }: TableRule): PartitionRule {
  return { ...rule, find: (subject) => subject.catalog.tables.flatMap((table) => find(table, subject)) }
}
