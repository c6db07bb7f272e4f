import type { TableDescription } from '../describe/schema-description.ts'
import { lockTables } from '../lock-tables.ts'
import { type PolicyStatement, policyStatement } from '../policy-statement.ts'

/** Row security on, and for the owner too. */
export function rowSecurity(table: TableDescription): readonly PolicyStatement[] {
  const { object, ident } = table
  const locks = lockTables('ACCESS EXCLUSIVE', table)
  const enable = policyStatement(
    { object, purpose: 'The policies hold.', locks },
    `alter table ${ident} enable row level security;`,
  )
  const force = policyStatement(
    { object, purpose: 'They hold for the owner too; foreign keys are still checked without them.', locks },
    `alter table ${ident} force row level security;`,
  )
  return [...(table.rowSecurity ? [] : [enable]), ...(table.forced ? [] : [force])]
}
