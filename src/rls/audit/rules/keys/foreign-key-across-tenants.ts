import type { AuditRule, Found } from '../../audit-rule.ts'
import { FOREIGN_KEYS, type ForeignKey } from './foreign-keys.ts'
import { scopeForeignKey } from './scope-foreign-key.ts'

/** Whether an action writes rows of the referring table, which makes it a matter of `cascade-across-tenants`. */
export function acts({ onDelete, onUpdate }: ForeignKey): boolean {
  return [onDelete, onUpdate].some((action) => action !== 'a' && action !== 'r')
}

/**
 * Foreign keys are checked without row security. Over an id alone, a row may refer to another tenant's: that tells that the id exists,
 * and keeps the other tenant from deleting its row.
 */
export const foreignKeyAcrossTenants: AuditRule = {
  id: 'foreign-key-across-tenants',
  title: 'A foreign key between tables of tenants does not compare their tenants',
  severity: 'error',
  find: async (subject) =>
    (await subject.rows<ForeignKey>(FOREIGN_KEYS)).filter((key) => key.crosses && !acts(key)).map(report),
}

function report(key: ForeignKey): Found {
  const { object, child, childShared, columns, parent, writable } = key
  const harm = 'tells which ids exist, and keeps the other tenant from deleting its row'
  return {
    object,
    severity: writable && !childShared ? 'error' : 'warning',
    message: childShared
      ? `Rows of ${child}, which belong to no tenant, refer to tenants' rows of ${parent}: they show all tenants which ids exist, and keep a tenant from deleting its row.`
      : `(${columns}) of ${child} may refer to a row of ${parent} that belongs to another tenant, as the check ignores row security. ${
          writable ? `That ${harm}.` : `The application cannot write it today; a write that can ${harm}.`
        }`,
    fix: mend(key),
    sql: scopeForeignKey(key),
  }
}

/** What to do about a foreign key that crosses tenants. */
export function mend(key: ForeignKey): string {
  const { childShared, childTenant, columns, parent, parentTenant, parentColumns } = key
  if (childShared || childTenant === null) {
    return 'Give the table the tenant column and policies, or let it refer to a shared table.'
  }
  if (scopeForeignKey(key) === undefined) {
    return `Let it compare ${childTenant} with ${parentTenant} of ${parent}. Its columns, types or actions do not allow to say how.`
  }
  return (
    `Make it foreign key (${childTenant}, ${columns}) references ${parent} (${parentTenant}, ${parentColumns}). ` +
    "Where rows refer to another tenant's already, the statements fail: mend those rows first."
  )
}
