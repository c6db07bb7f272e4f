import type { Found } from '../../../audit-rule.ts'
import type { AuditSubject } from '../../../audit-subject.ts'

/** What was found on a table, by the table's OID. */
export interface FoundOnTable extends Found {
  readonly table: number
}

const reachedQuery = (tables: readonly number[]) => `select class.oid from pg_class as class
where class.oid = any ('{${tables.join(',')}}') and exists (
  select from app_role where has_schema_privilege(app_role.oid, class.relnamespace, 'USAGE')
    and (has_table_privilege(app_role.oid, class.oid, 'SELECT, INSERT, UPDATE, DELETE')
      or has_any_column_privilege(app_role.oid, class.oid, 'SELECT, INSERT, UPDATE')))`

/**
 * Makes warnings of errors on tables that the application has no privilege on, so that their rows reach nobody until it is granted one.
 */
export async function asReached(
  found: readonly FoundOnTable[],
  subject: AuditSubject,
): Promise<readonly Found[]> {
  if (found.length === 0) return []
  const tables = [...new Set(found.map(({ table }) => table))]
  const rows = await subject.rows<{ oid: number }>(reachedQuery(tables))
  const reached = new Set(rows.map(({ oid }) => oid))
  return found.map(({ table, ...rest }): Found => {
    if (reached.has(table)) return rest
    const message = `${rest.message} The application has no privilege on the table so far.`
    return { ...rest, message, severity: rest.severity ?? 'warning' }
  })
}
