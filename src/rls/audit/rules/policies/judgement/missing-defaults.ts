import { quoteText } from '../../../../sql/quote.ts'
import type { Found } from '../../../audit-rule.ts'
import type { AuditSubject } from '../../../audit-subject.ts'

interface Row {
  readonly object: string
  readonly ident: string
  readonly name: string
  readonly column: string
  readonly type: string
  /** As PostgreSQL prints it. */
  readonly value: string | null
}

/**
 * Tables that the application adds rows to. Not those of the tenants themselves, one row each, whose key is the tenant; nor those whose
 * tenant the server fills otherwise: a trigger before INSERT, an identity, an expression.
 */
const QUERY = `select tenant_table.object, tenant_table.ident, tenant_table.tenant_name as name,
  format('%I', tenant_table.tenant_name) as column, format_type(att.atttypid, null) as type,
  pg_get_expr(def.adbin, def.adrelid) as value
from tenant_table
join pg_attribute as att on att.attrelid = tenant_table.oid and att.attnum = tenant_table.tenant
left join pg_attrdef as def on def.adrelid = att.attrelid and def.adnum = att.attnum
where tenant_table.row_security and not tenant_table.is_partition and att.attgenerated = '' and att.attidentity = ''
  and not exists (
    select from pg_index as key
    where key.indrelid = tenant_table.oid and key.indisunique and key.indnkeyatts = 1 and key.indkey[0] = att.attnum)
  and not exists (
    select from pg_trigger as trigger
    where trigger.tgrelid = tenant_table.oid and trigger.tgtype & 7 = 7 and trigger.tgenabled <> 'D')
  and exists (
    select from app_role
    where has_schema_privilege(app_role.oid, tenant_table.schema, 'USAGE')
      and has_column_privilege(app_role.oid, tenant_table.oid, att.attnum, 'INSERT'))
order by tenant_table.object`

/**
 * Tables whose tenant has no default where most others take it from the setting. Nothing is open by that: what names no tenant is refused.
 */
export async function missingDefaults(subject: AuditSubject): Promise<readonly Found[]> {
  const { tenantSetting } = subject.options
  const reads = `current_setting(${quoteText(tenantSetting)}`.toLowerCase()
  const rows = await subject.rows<Row>(QUERY)
  const usual = rows.filter(({ value }) => value?.toLowerCase().includes(reads))
  const missing = rows.filter(({ value }) => value === null)
  if (usual.length <= missing.length) return []
  return missing.map(({ object, ident, name, column, type }) => ({
    object,
    severity: 'info',
    message: `The column ${name} has no default, and in most other tables takes its value from ${tenantSetting}: what is inserted here without naming its tenant is refused.`,
    fix: 'Give it the default that the others have, or let the application name the tenant in what it inserts.',
    sql: `alter table ${ident} alter column ${column} set default nullif(pg_catalog.current_setting(${quoteText(tenantSetting)}, true), '')::${type};`,
  }))
}
