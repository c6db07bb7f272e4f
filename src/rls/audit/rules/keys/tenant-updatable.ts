import type { AuditRule, Found } from '../../audit-rule.ts'
import { TABLE_GRANTS, type TableGrant } from './table-grants.ts'

/** A row is given to another tenant by one UPDATE of its tenant column, which then only the policies' checks stop. */
export const tenantUpdatable: AuditRule = {
  id: 'tenant-updatable',
  title: 'The application may change the tenant of a row',
  severity: 'warning',
  find: async (subject) => {
    const grants = (await subject.rows<TableGrant>(TABLE_GRANTS)).filter(
      ({ privilege, column, tenant }) => privilege === 'UPDATE' && (column === null || tenant),
    )
    return [...Map.groupBy(grants, ({ object }) => object)].map(([object, held]) => report(object, held))
  },
}

function report(object: string, held: readonly TableGrant[]): Found {
  const roles = [...new Set(held.map(({ grantee }) => grantee))]
  const column = held[0]?.tenantColumn ?? ''
  return {
    object,
    message: `${roles.join(' and ')} may update ${column}: only the policies' checks keep a row from being moved to another tenant.`,
    fix: 'Grant UPDATE column by column, without the tenant column. A column that is added later needs a grant of its own.',
    sql: held.every(({ byOwner }) => byOwner)
      ? roles.map((role) => withdraw(role, held)).join('\n')
      : undefined,
  }
}

function withdraw(role: string, held: readonly TableGrant[]): string {
  const own = held.filter(({ grantee }) => grantee === role)
  const whole = own.find(({ column }) => column === null)
  if (!whole)
    return own.map((grant) => `revoke update (${grant.column}) on ${grant.ident} from ${role};`).join('\n')
  // Taking UPDATE from the table takes it from each of its columns too.
  const revoke = `revoke update on ${whole.ident} from ${role};`
  if (whole.otherColumns === null) return revoke
  return `${revoke}\ngrant update (${whole.otherColumns}) on ${whole.ident} to ${role};`
}
