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
  /** The schema that new partitions go to. */
  readonly target: string
}

/**
 * A partition is a new table: it is granted what the default privileges of its maker say, has row security off, and takes no policies over
 * from its parent. So each month opens by itself (ran on 15 and 18).
 *
 * Only who owns the parent, or has the owner's rights, can attach partitions to it. They are taken to go where the present ones lie.
 *
 * @see https://www.postgresql.org/docs/current/sql-alterdefaultprivileges.html
 */
export const defaultPrivilegesExpose: AuditRule = catalogRule<Row>({
  id: 'default-privileges-expose',
  title: 'Partitions to come will be granted past the policies of their parent',
  severity: 'error',
  query: `, parent as (
  select distinct relation.object, relation.owner, coalesce(child.relnamespace, own.relnamespace) as target
  from relation
  join pg_catalog.pg_class as own on own.oid = relation.oid
  left join pg_catalog.pg_inherits as link on link.inhparent = relation.oid
  left join pg_catalog.pg_class as child on child.oid = link.inhrelid
  where relation.row_security and not relation.shared and (relation.kind = 'p' or (relation.kind = 'r' and link.inhrelid is not null))
), given_away as (
  select default_acl.defaclrole as maker, default_acl.defaclnamespace as space, entry.grantee,
    pg_catalog.array_agg(entry.privilege_type order by entry.privilege_type) as privileges
  from pg_catalog.pg_default_acl as default_acl cross join pg_catalog.aclexplode(default_acl.defaclacl) as entry
  where default_acl.defaclobjtype = 'r' and entry.privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
    and entry.grantee <> default_acl.defaclrole
  group by default_acl.defaclrole, default_acl.defaclnamespace, entry.grantee
)
select parent.object, maker.rolname as maker, space.nspname as schema, grantee.rolname as grantee, given_away.privileges,
  target.nspname as target
from parent
join given_away on given_away.space in (0, parent.target)
join pg_catalog.pg_namespace as target on target.oid = parent.target
join pg_catalog.pg_roles as maker on maker.oid = given_away.maker
left join pg_catalog.pg_namespace as space on space.oid = given_away.space
left join pg_catalog.pg_roles as grantee on grantee.oid = given_away.grantee
where pg_catalog.pg_has_role(given_away.maker, parent.owner, 'USAGE')
  and exists (
    select from app_role
    where pg_catalog.has_schema_privilege(app_role.oid, parent.target, 'USAGE')
      and (given_away.grantee = 0 or pg_catalog.pg_has_role(app_role.oid, given_away.grantee, 'USAGE'))
  )
order by parent.object, maker.rolname, space.nspname, grantee.rolname`,
  report: ({ object, maker, schema, grantee, privileges, target }) => {
    const to = grantee === null ? 'PUBLIC' : quoteName(grantee)
    const where = schema === null ? '' : ` in schema ${quoteName(schema)}`
    return {
      object,
      message:
        `Each table that ${quoteName(maker)} makes${where} is granted ${privileges.join(', ')} to ${to} by default, so too the next partition of this one in ${quoteName(target)}, ` +
        'which is born without row security: asked by its own name, it shows the rows of all tenants.',
      fix: 'Take the default back, and grant tables one by one. Let partitions lie in a schema that the application cannot use.',
      sql: `alter default privileges for role ${quoteName(maker)}${where} revoke ${privileges.join(', ').toLowerCase()} on tables from ${to};`,
    }
  },
})
