import { quoteName } from '../../../rls/sql/quote.ts'
import type { Grant } from '../shape/table-shape.ts'

/** A role for SQL; '' stands for PUBLIC. */
export function quoteRole(role: string): string {
  return role === '' ? 'public' : quoteName(role)
}

/**
 * Gives a table, or a sequence, what another one gave.
 *
 * @param on such as `table "public"."audit_log"`
 */
export function grantsOn(on: string, grants: readonly Grant[]): readonly string[] {
  const groups = Object.values(
    Object.groupBy(grants, ({ grantee, column, grantable }) => JSON.stringify([grantee, column, grantable])),
  )
  return groups.flatMap((group = []) => {
    const [first] = group
    if (!first) return []
    const columns = first.column === null ? '' : ` (${quoteName(first.column)})`
    const privileges = group.map(({ privilege }) => `${privilege.toLowerCase()}${columns}`).join(', ')
    const option = first.grantable ? ' with grant option' : ''
    return [`grant ${privileges} on ${on} to ${quoteRole(first.grantee)}${option};`]
  })
}

/**
 * Takes everything on a table from everybody but its owner, on its columns too. What default privileges gave a new table is
 * among it.
 */
export function revokeAll(ident: string, grantees: readonly string[]): string {
  const roles = [...new Set(['', ...grantees])].map(quoteRole).join(', ')
  return `revoke all on table ${ident} from ${roles} cascade;`
}
