import type { AuditRule, Found } from '../../audit-rule.ts'
import { TABLE_GRANTS, type TableGrant } from './table-grants.ts'

/** What each lets its holder do to other tenants, most harmful first. */
const HARM = {
  TRUNCATE: 'TRUNCATE ignores row security and deletes the rows of all tenants.',
  TRIGGER:
    'TRIGGER allows to make triggers, which see and change the rows of all tenants and run with the rights of whoever writes them.',
  REFERENCES:
    'REFERENCES allows to make foreign keys, which are checked without row security: they tell which keys other tenants have, and keep those rows from being deleted.',
  MAINTAIN:
    'MAINTAIN allows to lock all tenants out (LOCK TABLE, REINDEX, CLUSTER), and VACUUM VERBOSE tells how many rows they have together.',
} as const
type Harmful = keyof typeof HARM

const isHarmful = (privilege: string): privilege is Harmful => Object.hasOwn(HARM, privilege)

/** Privileges that no policy has a say in. MAINTAIN exists since PostgreSQL 17. */
export const tablePrivileges: AuditRule = {
  id: 'table-privileges',
  title: 'The application holds a privilege that row security does not limit',
  severity: 'error',
  find: async (subject) => {
    const grants = (await subject.rows<TableGrant>(TABLE_GRANTS)).filter(({ privilege }) =>
      isHarmful(privilege),
    )
    return [...Map.groupBy(grants, ({ object }) => object)].map(([object, held]) => report(object, held))
  },
}

function report(object: string, held: readonly TableGrant[]): Found {
  const privileges = Object.keys(HARM)
    .filter(isHarmful)
    .filter((privilege) => held.some((grant) => grant.privilege === privilege))
  const roles = [...new Set(held.map(({ grantee }) => grantee))]
  const tables = [...Map.groupBy(held, ({ ident }) => ident)]
  const where = held.every(({ partition }) => partition) ? ' on partitions' : ''
  return {
    object,
    severity: privileges.includes('TRUNCATE') || privileges.includes('TRIGGER') ? 'error' : 'warning',
    message: `${roles.join(' and ')} ${roles.length > 1 ? 'have' : 'has'} ${privileges.join(', ')}${where}. ${privileges.map((privilege) => HARM[privilege]).join(' ')}`,
    fix: `Take ${privileges.join(', ')} back; an application needs only SELECT, INSERT, UPDATE and DELETE.`,
    sql: held.every(({ byOwner }) => byOwner)
      ? tables.map(([ident, grants]) => revoke(ident, grants)).join('\n')
      : undefined,
  }
}

/** REVOKE on a table takes back what was granted on its columns too. */
function revoke(ident: string, grants: readonly TableGrant[]): string {
  const privileges = [...new Set(grants.map(({ privilege }) => privilege.toLowerCase()))]
  const roles = [...new Set(grants.map(({ grantee }) => grantee))]
  return `revoke ${privileges.join(', ')} on ${ident} from ${roles.join(', ')};`
}
