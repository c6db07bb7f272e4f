import { quoteName, quoteText } from '../../../rls/sql/quote.ts'
import type { RelationState } from '../../catalog/partition-catalog.ts'
import { hardenStatements } from '../../check/harden-statements.ts'
import { identOf, objectOf } from '../../check/relation-name.ts'
import type { Span } from '../../check/spans.ts'
import { raiseUnless } from '../../convert/guard.ts'
import { LEDGER_LOCK, noteDetached } from '../sql/ledger-notes.ts'
import { isTable, isUnattached } from '../sql/table-facts.ts'
import type { PartitionStep, Phase } from '../step.ts'
import type { TablePlanning } from '../table-planning.ts'

/** A detached table that is put away. */
export interface Secured {
  readonly phase: Phase
  readonly relation: RelationState
  readonly span: Span | undefined
  /** `undefined` for one that is never dropped unless a person sets its date. */
  readonly graceDays: number | undefined
  readonly chain: string
}

/**
 * Puts a detached table away, where nobody but its owner can use the schema. It is closed again in any case: what was done to it while it
 * was a partition did not matter to who read through the parent, and would now.
 */
export function secureStep(planning: TablePlanning, secured: Secured): PartitionStep {
  const { relation, phase, span, graceDays, chain } = secured
  const { object, parent, set } = planning
  const ident = identOf(relation)
  const away = { schema: set.detachedSchema, name: relation.name }
  const moves = relation.schema !== away.schema
  const open = { ...relation, rowSecurity: false, forceRowSecurity: false }
  const grantees = [...new Set(['', ...relation.grantees])]
  return planning.step(phase, planning.label(relation.name), 'secure', {
    partition: relation.name,
    purpose: `Closes the detached table to everybody, puts it into ${set.detachedSchema}, and notes from when on it may be dropped.`,
    statements: [
      raiseUnless(
        `${isTable(relation.oid, relation)} and ${isUnattached(relation.oid)}`,
        `${objectOf(relation)} is no longer the detached table that this was planned for; plan again`,
      ),
      ...hardenStatements({ ...open, grantees }, parent.owner),
      ...(moves ? [`alter table ${ident} set schema ${quoteName(away.schema)};`] : []),
      `comment on table ${identOf(away)} is ${quoteText(commentOf(planning, secured)).trimStart()};`,
      noteDetached({ table: object, partition: relation.name, oid: relation.oid, ...span }, graceDays),
    ],
    locks: [{ table: objectOf(relation), mode: 'ACCESS EXCLUSIVE' }, LEDGER_LOCK],
    chain,
  })
}

function commentOf({ object, table }: TablePlanning, { graceDays }: Secured): string {
  const until =
    graceDays === undefined || table.archive === undefined
      ? 'not dropped by leasehold'
      : `dropped ${graceDays} days later, once its archive was verified`
  return `leasehold: detached from ${object}; ${until}. leasehold.partition_ledger says more.`
}
