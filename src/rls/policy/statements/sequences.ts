import type { TenantTable } from '../choose-tables.ts'
import { type PolicyStatement, policyStatement } from '../policy-statement.ts'

/** Drawing numbers, and not looking up how many all tenants have drawn, nor setting them back. */
export function sequencePrivileges(
  { table }: TenantTable,
  appRole: string,
  mayInsert: boolean,
): readonly PolicyStatement[] {
  return table.sequences.flatMap(({ object, ident, drawn, usable, grants }) => {
    const excess = grants.filter(({ privilege }) => privilege !== 'USAGE')
    const revoked = [...Map.groupBy(excess, ({ grantee }) => grantee)].map(([grantee, held]) => {
      const lost = held.map(({ privilege }) => privilege.toLowerCase())
      return policyStatement(
        { object, purpose: 'How far it has counted tells what all tenants together have.' },
        `revoke ${lost.join(', ')} on sequence ${ident} from ${grantee};`,
      )
    })
    const granted = policyStatement(
      { object, purpose: 'Inserting a row draws a number.' },
      `grant usage on sequence ${ident} to ${appRole};`,
    )
    return [...revoked, ...(drawn && mayInsert && !usable ? [granted] : [])]
  })
}
