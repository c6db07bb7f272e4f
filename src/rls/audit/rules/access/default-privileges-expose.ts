import { quoteName } from '../../../sql/quote.ts'
import { type AuditRule, catalogRule } from '../../audit-rule.ts'

interface Row {
  readonly object: string
  /** Who makes the partitions. */
  readonly maker: string
  /** The schema that the default is for, or NULL for all. */
  readonly schema: string | null
  /** Who is granted them, or NULL for PUBLIC. */
  readonly grantee: string | null
  readonly privileges: readonly string[]
  /** The schema that new partitions go to; NULL where it is about plain tables. */
  readonly target: string | null
}

/** SQL for whether the application can reach what is made in a schema, and holds what is given away. */
function reaches(target: string): string {
  return `exists (
    select from app_role
    where pg_catalog.has_schema_privilege(app_role.oid, ${target}, 'USAGE')
      and (given_away.grantee = 0 or pg_catalog.pg_has_role(app_role.oid, given_away.grantee, 'USAGE'))
  )`
}

/**
 * A partition is a new table: it is granted what the default privileges of its maker say, has row security off, and takes no policies over
 * from its parent. So each month opens by itself (ran on 15 and 18).
 *
 * Only who owns the parent, or has the owner's rights, can attach partitions to it. They are taken to go where the present ones lie.
 *
 * A plain table is given its policies by the migration that makes it, or is not: until then it is open. That is told once for each default, where
 * tables of tenants lie that its maker could have made, and where no partitions say so already.
 *
 * @see https://www.postgresql.org/docs/current/sql-alterdefaultprivileges.html
 */
export const defaultPrivilegesExpose: AuditRule = catalogRule<Row>({
  id: 'default-privileges-expose',
  title:
    'Partitions to come will be granted past the policies of their parent, or tables before they have any',
  severity: 'error',
  query: `, parent as (
  select distinct relation.object, relation.owner, coalesce(child.relnamespace, own.relnamespace) as target
  from relation
  join pg_catalog.pg_class as own on own.oid = relation.oid
  left join pg_catalog.pg_inherits as link on link.inhparent = relation.oid
  left join pg_catalog.pg_class as child on child.oid = link.inhrelid
  where relation.row_security and not relation.shared and (relation.kind = 'p' or (relation.kind = 'r' and link.inhrelid is not null))
), home as (
  select distinct class.relnamespace as target, tenant_table.owner
  from tenant_table join pg_catalog.pg_class as class on class.oid = tenant_table.oid
  where tenant_table.row_security and not tenant_table.is_partition
), given_away as (
  select default_acl.defaclrole as maker, default_acl.defaclnamespace as space, entry.grantee,
    pg_catalog.array_agg(entry.privilege_type order by entry.privilege_type) as privileges
  from pg_catalog.pg_default_acl as default_acl cross join pg_catalog.aclexplode(default_acl.defaclacl) as entry
  where default_acl.defaclobjtype = 'r' and entry.privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
    and entry.grantee <> default_acl.defaclrole
  group by default_acl.defaclrole, default_acl.defaclnamespace, entry.grantee
), exposed as (
  select parent.object, parent.target, given_away.*
  from parent join given_away on given_away.space in (0, parent.target)
  where pg_catalog.pg_has_role(given_away.maker, parent.owner, 'USAGE') and ${reaches('parent.target')}
  union all
  select distinct null, null::pg_catalog.oid, given_away.*
  from home join given_away on given_away.space in (0, home.target)
  where pg_catalog.pg_has_role(given_away.maker, home.owner, 'USAGE') and ${reaches('home.target')}
)
select coalesce(exposed.object, space.nspname, maker.rolname) as object, maker.rolname as maker, space.nspname as schema,
  grantee.rolname as grantee, exposed.privileges, target.nspname as target
from exposed
join pg_catalog.pg_roles as maker on maker.oid = exposed.maker
left join pg_catalog.pg_namespace as target on target.oid = exposed.target
left join pg_catalog.pg_namespace as space on space.oid = exposed.space
left join pg_catalog.pg_roles as grantee on grantee.oid = exposed.grantee
where exposed.object is not null or not exists (
  select from exposed as worse
  where worse.object is not null and (worse.maker, worse.space, worse.grantee) = (exposed.maker, exposed.space, exposed.grantee))
order by exposed.object, maker.rolname, space.nspname, grantee.rolname`,
  report: ({ object, maker, schema, grantee, privileges, target }) => {
    const to = grantee === null ? 'PUBLIC' : quoteName(grantee)
    const where = schema === null ? '' : ` in schema ${quoteName(schema)}`
    const born =
      target === null
        ? 'so too the next one with rows of tenants, which until its policies are there shows those of all.'
        : `so too the next partition of this one in ${quoteName(target)}, which is born without row security: asked by its own name, it shows the rows of all tenants.`
    return {
      object,
      severity: target === null ? 'warning' : 'error',
      message: `Each table that ${quoteName(maker)} makes${where} is granted ${privileges.join(', ')} to ${to} by default, ${born}`,
      fix: 'Take the default back, and grant tables one by one. Let partitions lie in a schema that the application cannot use.',
      sql: `alter default privileges for role ${quoteName(maker)}${where} revoke ${privileges.join(', ').toLowerCase()} on tables from ${to};`,
    }
  },
})
