import { quoteName } from '../../../rls/sql/quote.ts'
import type { PolicyShape } from '../shape/table-shape.ts'
import { quoteRole } from './grants.ts'

/** A policy as it was, on a table of the same columns. */
export function createPolicy(ident: string, policy: PolicyShape): string {
  const { name, permissive, command, roles, using, check } = policy
  return [
    `create policy ${quoteName(name)} on ${ident} as ${permissive ? 'permissive' : 'restrictive'} for ${command}`,
    ` to ${roles.map(quoteRole).join(', ')}`,
    using === null ? '' : ` using (${using})`,
    check === null ? '' : ` with check (${check})`,
    ';',
  ].join('')
}
