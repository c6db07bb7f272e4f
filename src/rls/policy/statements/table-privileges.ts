import type { TenantTable } from '../choose-tables.ts'
import type { Grant } from '../describe/schema-description.ts'
import type { TablePrivilege } from '../policy-options.ts'
import { type PolicyStatement, policyStatement } from '../policy-statement.ts'

const ALL: readonly TablePrivilege[] = ['select', 'insert', 'update', 'delete']

/** What the application may do with a table of tenants. */
export function tablePrivileges(
  target: TenantTable,
  appRole: string,
  exact: readonly TablePrivilege[] | undefined,
): readonly PolicyStatement[] {
  const { table } = target
  const isNew = !table.grants.some(({ privilege }) => isDml(privilege))
  const born = isNew ? (target.isTenant ? (['select'] as const) : ALL) : undefined
  const wanted = exact ?? born
  return [...takenAway(target, exact), ...given(target, appRole, wanted)]
}

/** Whether the application may add rows, before or after the statements. */
export function mayInsert(target: TenantTable, exact: readonly TablePrivilege[] | undefined): boolean {
  const dml = target.table.grants.filter(({ privilege }) => isDml(privilege))
  if (exact) return exact.includes('insert')
  return dml.length === 0 ? !target.isTenant : dml.some(({ privilege }) => privilege === 'INSERT')
}

/** Takes from each role what policies do not see, and the tenant column out of what may be updated. */
function takenAway(target: TenantTable, exact: readonly TablePrivilege[] | undefined): PolicyStatement[] {
  const { table } = target
  return [...Map.groupBy(table.grants, ({ grantee }) => grantee)].flatMap(([grantee, grants]) => {
    const movesRows = (grant: Grant) =>
      grant.privilege === 'UPDATE' && (grant.column === null || grant.column === target.tenant.name)
    const isUnwanted = (grant: Grant) =>
      !isDml(grant.privilege) ||
      (exact && !exact.some((privilege) => privilege.toUpperCase() === grant.privilege))
    const unwanted = new Set(grants.filter(isUnwanted).map(({ privilege }) => privilege.toLowerCase()))
    const moves = !unwanted.has('update') && grants.some(movesRows)
    if (unwanted.size === 0 && !moves) return []
    const lost = [...unwanted, ...(moves ? ['update'] : [])].sort()
    // Taking a privilege from a table takes it from its columns as well.
    const kept = moves ? updatable(target, grants) : []
    return [
      policyStatement(
        {
          object: table.object,
          purpose: moves
            ? 'No row can be moved to another tenant, and nothing is done that policies do not see.'
            : 'Nothing is done with the table that policies do not see, or that the application has no business with.',
        },
        `revoke ${lost.join(', ')} on ${table.ident} from ${grantee};`,
        ...(kept.length > 0 ? [`grant update (${kept.join(', ')}) on ${table.ident} to ${grantee};`] : []),
      ),
    ]
  })
}

function given(
  target: TenantTable,
  appRole: string,
  wanted: readonly TablePrivilege[] | undefined,
): PolicyStatement[] {
  const { table } = target
  const has = new Set(table.grants.map(({ privilege }) => privilege.toLowerCase()))
  const missing = (wanted ?? []).filter((privilege) => !has.has(privilege))
  const columns = updatable(target, [])
  const granted = missing
    .map((privilege) => (privilege === 'update' ? `update (${columns.join(', ')})` : privilege))
    .filter((privilege) => privilege !== 'update ()')
  if (granted.length === 0) return []
  return [
    policyStatement(
      {
        object: table.object,
        purpose: missing.includes('update')
          ? 'Column by column, so that no row can be moved to another tenant.'
          : 'What the application does with the table.',
      },
      `grant ${granted.join(', ')} on ${table.ident} to ${appRole};`,
    ),
  ]
}

/** The columns that may be updated: those that were named before, or else all but the tenant and what the server fills. */
function updatable({ table, tenant }: TenantTable, grants: readonly Grant[]): readonly string[] {
  const updates = grants.filter(({ privilege }) => privilege === 'UPDATE')
  const isNamed = ({ name }: { readonly name: string }) => updates.some(({ column }) => column === name)
  const isOpen = updates.length === 0 || updates.some(({ column }) => column === null)
  return table.columns
    .filter((column) => column.name !== tenant.name && !column.generated && (isOpen || isNamed(column)))
    .map(({ ident }) => ident)
}

function isDml(privilege: string): boolean {
  return ALL.some((dml) => dml.toUpperCase() === privilege)
}
