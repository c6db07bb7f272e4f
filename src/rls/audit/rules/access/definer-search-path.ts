import { quoteName, quoteText } from '../../../sql/quote.ts'
import { type AuditRule, catalogRule, type Found } from '../../audit-rule.ts'
import { DEFINER_FUNCTIONS } from './definer-functions.ts'
import { VIEW_GRAPH } from './view-graph.ts'

interface Row {
  readonly object: string
  readonly ident: string
  readonly owner: string
  readonly app: string
  /** The schemas of its search_path in their order, or NULL where the caller's is used. */
  readonly path: readonly string[] | null
  /** A schema of it in which the application can create objects, or NULL. */
  readonly writable: string | null
  /** Whether the application can create objects anywhere. */
  readonly creates: boolean
  /** Whether the application can make temporary tables. */
  readonly temporary: boolean
}

/**
 * Names in a body are looked up when it runs. Whoever can put an object of that name earlier into the path has the function use it,
 * and a view or an operator runs its maker's code as the function's owner (ran on 15 and 18).
 *
 * pg_temp, unless it is listed, is searched first for tables and types, even before pg_catalog, so that a temporary view is such an
 * object whatever the path is; it is never searched for functions and operators.
 *
 * @see https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-SEARCH-PATH
 */
export const definerSearchPath: AuditRule = catalogRule<Row>({
  id: 'definer-search-path',
  title: 'The application can choose what names mean in a function that runs as another role',
  severity: 'error',
  query: `, ${VIEW_GRAPH}, ${DEFINER_FUNCTIONS}, foothold as (
  select pg_catalog.bool_or(pg_catalog.has_database_privilege(app_role.oid, pg_catalog.current_database(), 'TEMPORARY')) as temporary,
    pg_catalog.bool_or(pg_catalog.has_database_privilege(app_role.oid, pg_catalog.current_database(), 'CREATE')) as makes_schemas,
    pg_catalog.bool_or(exists (
      select from pg_catalog.pg_namespace as space
      where space.nspname !~ '^pg_' and pg_catalog.has_schema_privilege(app_role.oid, space.oid, 'CREATE')
    )) as creates
  from app_role
), pathed as (
  select definer.*, owner.rolname as owner_name, (
    select pg_catalog.array_agg(
      case element[2] when '$user' then owner.rolname::text else coalesce(pg_catalog.replace(element[1], '""', '"'), element[2]) end
      order by place
    )
    from pg_catalog.regexp_matches(pg_catalog.substr(setting, 13), '"((?:[^"]|"")*)"|([^,[:space:]]+)', 'g')
      with ordinality as part (element, place)
  ) as path
  from definer
  join pg_catalog.pg_roles as owner on owner.oid = definer.owner
  left join lateral pg_catalog.unnest(definer.settings) as setting on setting like 'search\\_path=%'
  where not definer.bound and definer.language not in ('c', 'internal')
), judged as (
  select pathed.object, pathed.ident, pathed.owner_name as owner, (select app_role from given) as app, pathed.path, (
    select pg_catalog.min(element) from pg_catalog.unnest(pathed.path) as element
    left join pg_catalog.pg_namespace as space on space.nspname = element
    where element not in ('', 'pg_temp') and case when space.oid is null then foothold.makes_schemas
      else exists (select from app_role where pg_catalog.has_schema_privilege(app_role.oid, space.oid, 'CREATE')) end
  ) as writable, foothold.temporary, foothold.creates or foothold.makes_schemas as creates
  from pathed cross join foothold
)
select * from judged
where path is null or writable is not null
  or (temporary and path[pg_catalog.array_upper(path, 1)] is distinct from 'pg_temp')
order by object`,
  report: (row) => {
    if (row.path === null) return callersPath(row)
    return row.writable === null ? temporaryFirst(row, row.path) : writableSchema(row, row.writable)
  },
})

const FIX =
  'Write every name in it with its schema, and end the path with pg_temp: ALTER FUNCTION ... SET search_path = pg_catalog, pg_temp.'

function callersPath({ object, owner, app, creates, temporary }: Row): Found {
  const means = creates ? 'can create objects' : temporary ? 'can make temporary tables and views' : undefined
  return {
    object,
    severity: means === undefined ? 'warning' : 'error',
    message:
      `The function runs as ${quoteName(owner)} with the search_path of whoever calls it. ` +
      (means === undefined
        ? 'The caller chooses which schema its names mean, and runs code of its own in it once it can create anything.'
        : `${quoteName(app)} ${means}, so that it can have the function run its own code with that owner's rights.`),
    fix: FIX,
  }
}

function writableSchema({ object, owner, app }: Row, schema: string): Found {
  return {
    object,
    message:
      `The function runs as ${quoteName(owner)} and looks names up in the schema ${quoteName(schema)}, in which ${quoteName(app)} can create objects: ` +
      "it can have the function run its own code with that owner's rights.",
    fix: `Take the schema out of the function's search_path, or revoke CREATE on it. ${FIX}`,
  }
}

function temporaryFirst({ object, ident, owner, app }: Row, path: readonly string[]): Found {
  const schemas = path.filter((schema) => schema !== 'pg_temp' && schema !== '')
  return {
    object,
    severity: 'warning',
    message:
      `The function runs as ${quoteName(owner)}, and its search_path does not end with pg_temp, which is then searched first. ${quoteName(app)} can make ` +
      'temporary tables and views, so that each table that the function names without a schema may be one of these.',
    fix: 'End the path with pg_temp, and revoke TEMPORARY on the database.',
    sql: `alter routine ${ident} set search_path = ${[...schemas, 'pg_temp'].map(quoteText).join(', ')};`,
  }
}
