import { quoteName } from '../../../sql/quote.ts'
import { type AuditRule, catalogRule } from '../../audit-rule.ts'

/**
 * Columns that count over all tenants, found from their sequences: `i` is the dependency of an identity's sequence on
 * its column; a default depends on the sequences that it names. Partitions have the columns of their parent.
 */
const counters = catalogRule<{ object: string; column: string }>({
  id: 'volume-visible',
  title: 'A tenant can see how much the others do',
  severity: 'info',
  query: `, counted as (
  select dep.refobjid as table_oid, dep.refobjsubid as number from pg_catalog.pg_class as seq
  join pg_catalog.pg_depend as dep on dep.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and dep.objid = seq.oid
    and dep.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and dep.deptype = 'i' and dep.refobjsubid > 0
  where seq.relkind = 'S'
  union
  select attrdef.adrelid, attrdef.adnum from pg_catalog.pg_class as seq
  join pg_catalog.pg_depend as dep on dep.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and dep.refobjid = seq.oid
    and dep.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass
  join pg_catalog.pg_attrdef as attrdef on attrdef.oid = dep.objid
  where seq.relkind = 'S'
)
select tenant_table.object, col.attname as column
from counted join tenant_table on tenant_table.oid = counted.table_oid and not tenant_table.is_partition
join pg_catalog.pg_attribute as col on col.attrelid = counted.table_oid and col.attnum = counted.number
where exists (
  select from app_role where pg_catalog.has_schema_privilege(app_role.oid, tenant_table.schema, 'USAGE')
    and pg_catalog.has_column_privilege(app_role.oid, tenant_table.oid, col.attnum, 'SELECT')
)
order by tenant_table.object, col.attname`,
  report: ({ object, column }) => ({
    object,
    message: `The column ${quoteName(column)} counts over all tenants, so that its gaps show each tenant how many rows the others make.`,
    fix: 'If that is a secret, use uuid keys (gen_random_uuid()), or count in each tenant by itself.',
  }),
})

/** The view shows texts of the asking role's own statements, and all tenants ask as one role. */
const statements = catalogRule<{ object: string; ident: string; grantees: string | null }>({
  id: counters.id,
  title: counters.title,
  severity: 'info',
  query: `select space.nspname || '.' || class.relname as object, pg_catalog.format('%I.%I', space.nspname, class.relname) as ident,
  (select pg_catalog.string_agg(pg_catalog.quote_ident(rolname), ', ') from app_role
    having not pg_catalog.bool_or(rolsuper or rolname = 'pg_read_all_data' or oid = class.relowner)) as grantees
from pg_catalog.pg_extension as ext
join pg_catalog.pg_depend as dep on dep.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass and dep.refobjid = ext.oid
  and dep.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and dep.deptype = 'e'
join pg_catalog.pg_class as class on class.oid = dep.objid and class.relname = 'pg_stat_statements'
join pg_catalog.pg_namespace as space on space.oid = class.relnamespace
where ext.extname = 'pg_stat_statements' and exists (
  select from app_role where pg_catalog.has_schema_privilege(app_role.oid, space.oid, 'USAGE')
    and pg_catalog.has_table_privilege(app_role.oid, class.oid, 'SELECT')
)`,
  report: ({ object, ident, grantees }) => ({
    object,
    message:
      "The application's role can read this view: how often each statement ran for all tenants together, how many rows it gave, and texts with values that were not sent as parameters.",
    fix: 'Revoke SELECT on it from PUBLIC, and grant it to the role that monitors.',
    sql: grantees === null ? undefined : `revoke select on ${ident} from public, ${grantees};`,
  }),
})

/** What row security does not hide: counters, and statistics of statements. */
export const volumeVisible: AuditRule = {
  ...counters,
  find: async (subject) => [...(await counters.find(subject)), ...(await statements.find(subject))],
}
