import { quoteName } from '../../../sql/quote.ts'
import { type AuditRule, catalogRule } from '../../audit-rule.ts'
import { EXEMPT_ROLE } from './exempt-role.ts'

interface Row {
  readonly object: string
  readonly trigger: string
  readonly function: string
  readonly owner: string
  readonly reason: string
}

/**
 * A trigger needs no EXECUTE of whoever fires it, so that revoking it from a SECURITY DEFINER function changes
 * nothing.
 *
 * `tgtype` has a bit for each event: 4 INSERT, 8 DELETE, 16 UPDATE, 32 TRUNCATE (pg_trigger.h). A statement on a
 * partitioned table fires the triggers of partitions that its role could not touch, and a foreign key's action those
 * of a table on which it has no privilege at all.
 */
export const triggerExempt: AuditRule = catalogRule<Row>({
  id: 'trigger-exempt',
  title: 'A trigger runs as a role past whom policies do not stand',
  severity: 'warning',
  query: `, ${EXEMPT_ROLE}
select tenant_table.object, fired.tgname as trigger, exempt_role.name as owner, exempt_role.reason,
  space.nspname || '.' || proc.proname as function
from pg_catalog.pg_trigger as fired
join pg_catalog.pg_proc as proc on proc.oid = fired.tgfoid and proc.prosecdef
join pg_catalog.pg_namespace as space on space.oid = proc.pronamespace
join exempt_role on exempt_role.oid = proc.proowner
join tenant_table on tenant_table.oid = fired.tgrelid
where not fired.tgisinternal and fired.tgparentid = 0 and fired.tgenabled <> 'D'
  and (
    exists (
      select from app_role,
        (select tenant_table.oid union select relid from pg_catalog.pg_partition_ancestors(tenant_table.oid)) as level (relid)
      where (fired.tgtype & 4 <> 0 and pg_catalog.has_any_column_privilege(app_role.oid, level.relid, 'INSERT'))
        or (fired.tgtype & 8 <> 0 and pg_catalog.has_table_privilege(app_role.oid, level.relid, 'DELETE'))
        or (fired.tgtype & 16 <> 0 and pg_catalog.has_any_column_privilege(app_role.oid, level.relid, 'UPDATE'))
        or (fired.tgtype & 32 <> 0 and pg_catalog.has_table_privilege(app_role.oid, level.relid, 'TRUNCATE'))
    )
    or exists (
      select from pg_catalog.pg_constraint as key
      where key.conrelid = tenant_table.oid and key.contype = 'f'
        and ((fired.tgtype & 8 <> 0 and key.confdeltype = 'c')
          or (fired.tgtype & 16 <> 0 and (key.confdeltype in ('n', 'd') or key.confupdtype in ('c', 'n', 'd'))))
    )
  )
order by tenant_table.object, fired.tgname`,
  report: ({ object, trigger, function: name, owner, reason }) => ({
    object,
    message:
      `The trigger ${quoteName(trigger)} calls ${name}, which is SECURITY DEFINER and runs as ${quoteName(owner)}, who ${reason}. ` +
      "What it reads and writes is held by no policy, with values from the application's row.",
    fix: 'Make the function SECURITY INVOKER, or give it to a role of its own that owns no table and that policies apply to.',
  }),
})
