import { quoteName } from '../../../sql/quote.ts'
import { type AuditRule, catalogRule, type Found } from '../../audit-rule.ts'
import { isApp, reaches } from './reaches.ts'

interface Row {
  /** The table that has the policies. */
  readonly root: string
  /** A part of it that the application gets at, or NULL: then `idents` are those that it does not. */
  readonly object: string | null
  readonly idents: readonly string[]
  readonly app: string
}

/**
 * Rows lie in the partitions, and the policies that hold are those of the table that a statement names. So too with inheritance, and at any
 * depth. Foreign tables are left to `foreign-data`, policies where row security is off to `policies-without-rls`.
 *
 * Of partitions whose rows the application cannot get at it is said once for the table and without their names, so that the finding stays the same
 * from month to month.
 *
 * @see https://www.postgresql.org/docs/current/ddl-rowsecurity.html
 */
export const partitionExposed: AuditRule = catalogRule<Row>({
  id: 'partition-exposed',
  title: 'A partition can be asked past the policies of its parent',
  severity: 'error',
  query: `, part_of(oid, root) as (
  select link.inhrelid, walled.object
  from pg_catalog.pg_inherits as link
  join relation as walled on walled.oid = link.inhparent and walled.kind in ('r', 'p') and not walled.shared
    and (walled.row_security or walled.tenant is not null)
  where not exists (select from pg_catalog.pg_inherits as above where above.inhrelid = walled.oid)
  union
  select link.inhrelid, part_of.root from part_of join pg_catalog.pg_inherits as link on link.inhparent = part_of.oid
), part as (
  select relation.object, relation.ident, first_root.root,
    not relation.row_security and ${reaches('relation')} as exposed
  from relation
  join (select oid, pg_catalog.min(root) as root from part_of group by oid) as first_root using (oid)
  where relation.kind in ('r', 'p') and not relation.shared and (not relation.row_security or not relation.forced)
    and (not relation.row_security or not ${isApp('relation.owner')})
    and (relation.row_security or not exists (select from pg_catalog.pg_policy where polrelid = relation.oid))
)
select root, case when exposed then object end as object, pg_catalog.array_agg(ident order by ident) as idents,
  (select app_role from given) as app
from part group by root, case when exposed then object end
order by root, object`,
  report: (row) => (row.object === null ? bare(row) : exposed(row, row.object)),
})

function exposed({ root, idents, app }: Row, object: string): Found {
  return {
    object,
    message:
      `It holds rows of ${root} and has no row security of its own. The policies of a parent do not hold for a statement that names the child, ` +
      `which ${quoteName(app)} can: it gets at the rows of all tenants.`,
    fix: `Revoke it: through ${root} it is reached all the same. With row security and no policies it also shows nothing to who names it.`,
    sql: harden(idents),
  }
}

function bare({ root, idents }: Row): Found {
  return {
    object: root,
    severity: 'info',
    message:
      'There are partitions or children of this table whose row security is off or not forced. Nothing lets the application see what is in them today; ' +
      "one grant, a view of their owner's, or a role that reads all data would.",
    fix: 'Turn row security on and force it for each, without policies, and have the job that makes them do so before they are attached.',
    sql: harden(idents),
  }
}

function harden(idents: readonly string[]): string {
  return idents
    .map(
      (ident) =>
        `alter table ${ident} enable row level security;\nalter table ${ident} force row level security;`,
    )
    .join('\n')
}
