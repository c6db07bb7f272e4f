import { COLUMNS, type ProbedColumn } from './probed-column.ts'
import { FOREIGN_KEYS, type ProbedForeignKey } from './probed-foreign-key.ts'
import { KEYS, type ProbedKey } from './probed-key.ts'
import { BENEATH, beneath } from './what-lies-beneath.ts'

/** A table, view, materialized view or foreign table that the application reaches. */
export interface ProbedRelation {
  /** `schema.name`, to be shown. */
  readonly object: string
  /** Quoted, for SQL. */
  readonly ident: string
  /** `pg_class.relkind`: `r`, `p`, `v`, `m` or `f`. */
  readonly kind: 'r' | 'p' | 'v' | 'm' | 'f'
  /** The tenant column's name. */
  readonly tenant: string | null
  readonly partition: boolean
  readonly rowSecurity: boolean
  readonly forced: boolean
  /** The application is its owner, or may act as that role. */
  readonly owned: boolean
  /** A view that reads its tables as whoever asks. */
  readonly invoker: boolean
  readonly canInsert: boolean
  readonly canDelete: boolean
  readonly canTruncate: boolean
  /** A trigger or a rule may put something else in the place of a new row, or nothing. */
  readonly intercepts: boolean
  /** Its rows can be told apart by `tableoid` and `ctid`. */
  readonly addressed: boolean
  readonly columns: readonly ProbedColumn[]
  readonly keys: readonly ProbedKey[]
  readonly foreignKeys: readonly ProbedForeignKey[]
  /** What a write might set off that no rollback ends, or NULL. */
  readonly outside: string | null
  /** An INSERT into this view takes numbers of a sequence that the view does not show. */
  readonly counts: boolean
  /** A view that calls functions which do not come with PostgreSQL. */
  readonly calls: boolean
  /** Of a view: tables of tenants that it draws from, directly or not. */
  readonly tenantSources: readonly string[]
  /** Of a view: tables without a tenant column, not declared shared, that it draws from. */
  readonly otherSources: readonly string[]
}

/**
 * SQL for the relations that the application reaches, and that are not declared shared.
 *
 * @param condition SQL on a row of `relation`
 */
export function relations(condition = 'true'): string {
  return `, app as (
  select oid from app_role where is_login
), reachable as materialized (
  select relation.*, app.oid as app from relation, app
  where ${condition} and not relation.shared and has_schema_privilege(app.oid, relation.schema, 'USAGE') and (
    has_any_column_privilege(app.oid, relation.oid, 'SELECT, INSERT, UPDATE')
    or has_table_privilege(app.oid, relation.oid, 'DELETE, TRUNCATE')
  )
)${BENEATH}
select reachable.object, reachable.ident, reachable.kind, reachable.tenant_name as tenant, reachable.is_partition as partition,
  reachable.row_security as "rowSecurity", reachable.forced,
  pg_has_role(reachable.app, reachable.owner, 'USAGE') as owned,
  coalesce(exists (
    select from pg_options_to_table(reachable.options) as option
    where option.option_name = 'security_invoker' and option.option_value::boolean
  ), false) as invoker,
  has_any_column_privilege(reachable.app, reachable.oid, 'INSERT')
    and (reachable.kind <> 'v' or updatable.commands & 8 > 0) as "canInsert",
  has_table_privilege(reachable.app, reachable.oid, 'DELETE')
    and (reachable.kind <> 'v' or updatable.commands & 16 > 0) as "canDelete",
  reachable.kind in ('r', 'p') and has_table_privilege(reachable.app, reachable.oid, 'TRUNCATE') as "canTruncate",
  -- Columns of the system are granted with the table only.
  reachable.kind in ('r', 'p') and has_table_privilege(reachable.app, reachable.oid, 'SELECT') as addressed,
  exists (
    -- 7 is BEFORE INSERT FOR EACH ROW, 64 is INSTEAD OF.
    select from pg_trigger as trig where trig.tgrelid = reachable.oid and not trig.tgisinternal
      and (trig.tgtype & 7 = 7 or trig.tgtype & 64 > 0)
  ) or exists (
    select from pg_rewrite as rule where rule.ev_class = reachable.oid and rule.ev_type = '3'
  ) as intercepts,
  ${COLUMNS} as columns, ${KEYS} as keys, ${FOREIGN_KEYS} as "foreignKeys", ${beneath('reachable')}
from reachable
-- 1 is shifted by the command's number: 2 is UPDATE, 3 INSERT, 4 DELETE. It waits for whoever has locked the relation.
cross join lateral (
  select case when reachable.kind = 'v' then pg_relation_is_updatable(reachable.oid, true) else 0 end as commands
) as updatable
order by reachable.object`
}
