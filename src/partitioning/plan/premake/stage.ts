import { quoteName, quoteText } from '../../../rls/sql/quote.ts'
import type { LooseTable } from '../../catalog/partition-catalog.ts'
import { identOf, objectOf, roleIdent } from '../../check/relation-name.ts'
import { holdsNoRow, raiseUnless } from '../../convert/guard.ts'
import { addMonths, type Month, monthStartUs, monthText } from '../../months/month.ts'
import { monthValue } from '../../months/month-bound.ts'
import { forgetStaged, LEDGER_LOCK, noteAnew } from '../sql/ledger-notes.ts'
import { isTable, isUnattached } from '../sql/table-facts.ts'
import type { PartitionStep } from '../step.ts'
import type { TablePlanning } from '../table-planning.ts'
import { boundCheckName } from './bound-check.ts'

/**
 * Makes the table of a month, which nobody but its owner can reach and which is attached to nothing: the parent is only read for its
 * shape, and no reader or writer waits. What an earlier run left staged is made anew, since the parent may have changed since.
 *
 * @see https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-PARMS-LIKE
 */
export function stageStep(
  planning: TablePlanning,
  month: Month,
  left: LooseTable | undefined,
): PartitionStep {
  const partition = planning.partition(month)
  const ident = identOf(partition)
  const { object, table } = planning
  const key = quoteName(table.key)
  const [low, high] = [month, addMonths(month, 1)].map((each) => monthValue(each, table.keyType))
  return planning.step('premake', monthText(month), 'stage', {
    partition: partition.name,
    purpose: `Makes the table of ${monthText(month)}, closed to everybody, and attaches it to nothing yet.`,
    statements: [
      ...(left ? dropLeft(planning, left) : []),
      // A partition takes its identity from its parent, and is refused with one of its own (since 17).
      `create table ${ident} (like ${planning.ident} including all excluding identity);`,
      ...closeNew(planning, ident),
      `alter table ${ident} add constraint ${quoteName(boundCheckName(partition.name))} check (${key} is not null and ${key} >= ${low} and ${key} < ${high});`,
      noteAnew([noted(planning, month, ident)], 'staged'),
    ],
    locks: [
      { table: object, mode: 'ACCESS SHARE' },
      ...(left ? [{ table: objectOf(left), mode: 'ACCESS EXCLUSIVE' } as const] : []),
      LEDGER_LOCK,
    ],
  })
}

function noted(planning: TablePlanning, month: Month, ident: string): Parameters<typeof noteAnew>[0][number] {
  return {
    table: planning.object,
    partition: planning.partition(month).name,
    oid: `${quoteText(ident).trimStart()}::pg_catalog.regclass`,
    lowUs: monthStartUs(month),
    highUs: monthStartUs(addMonths(month, 1)),
  }
}

/** The owner comes first: a REVOKE takes back what its own grantor gave. Default privileges have given before anything could be taken. */
function closeNew({ parent, catalog }: TablePlanning, ident: string): readonly string[] {
  const grantees = ['', ...parent.grantees, ...catalog.defaultPrivileges.map(({ grantee }) => grantee)]
  const roles = [...new Set(grantees)].filter((role) => role !== parent.owner).map(roleIdent)
  return [
    `alter table ${ident} owner to ${quoteName(parent.owner)};`,
    `alter table ${ident} enable row level security;`,
    `alter table ${ident} force row level security;`,
    `revoke all on table ${ident} from ${roles.join(', ')} cascade;`,
  ]
}

/** Its owner has to see whether it is empty, and row security that is forced would hide that. */
function dropLeft({ object }: TablePlanning, left: LooseTable): readonly string[] {
  const ident = identOf(left)
  return [
    `alter table ${ident} no force row level security;`,
    raiseUnless(
      `${isTable(left.oid, left)} and ${isUnattached(left.oid)} and ${holdsNoRow(left.schema, left.name)}`,
      `${objectOf(left)} is no longer the empty table that this was planned for; plan again`,
    ),
    `drop table ${ident};`,
    forgetStaged({ table: object, partition: left.name, oid: left.oid }),
  ]
}
