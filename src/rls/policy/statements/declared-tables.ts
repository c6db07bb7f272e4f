import type { TableDescription } from '../describe/schema-description.ts'
import { type PolicyStatement, policyStatement } from '../policy-statement.ts'

/** What belongs to no tenant is read by all and written by none: what one wrote there, another would see. */
export function sharedTable(table: TableDescription, appRole: string): readonly PolicyStatement[] {
  const { object, ident, grants } = table
  const grant = policyStatement(
    { object, purpose: 'It belongs to no tenant, and all may read it.' },
    `grant select on ${ident} to ${appRole};`,
  )
  return [
    ...revokeAllBut(table, ['SELECT'], 'It belongs to no tenant: what one wrote there, another would read.'),
    ...(grants.some(({ privilege }) => privilege === 'SELECT') ? [] : [grant]),
  ]
}

/** The application has no business with it. */
export function internalTable(table: TableDescription): readonly PolicyStatement[] {
  return revokeAllBut(table, [], 'The application has no business with it.')
}

/** A statement that names a partition is not held by the policies of its parent. */
export function partitionPrivileges(partition: TableDescription): readonly PolicyStatement[] {
  return revokeAllBut(partition, [], 'A partition is reached through its parent, whose policies hold.')
}

/** Takes everything but what is named from each role that has it. */
function revokeAllBut(
  { object, ident, grants }: TableDescription,
  kept: readonly string[],
  purpose: string,
): readonly PolicyStatement[] {
  return [...Map.groupBy(grants, ({ grantee }) => grantee)].flatMap(([grantee, held]) => {
    const lost = [...new Set(held.map(({ privilege }) => privilege))].filter((name) => !kept.includes(name))
    if (lost.length === 0) return []
    const names = lost.map((name) => name.toLowerCase()).sort()
    return [policyStatement({ object, purpose }, `revoke ${names.join(', ')} on ${ident} from ${grantee};`)]
  })
}
