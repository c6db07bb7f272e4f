import { granteeNames } from './grantee-names.ts'

/** Schemas by their names, with who is let in. `$2` is the application's role. */
export const SCHEMAS: string = `select pg_catalog.json_build_object(
  'name', space.nspname, 'owner', pg_catalog.pg_get_userbyid(space.nspowner),
  'grantees', ${granteeNames('pg_catalog.aclexplode(space.nspacl) as entry', 'space.nspowner')},
  'appUsage', (select pg_catalog.has_schema_privilege(role.oid, space.oid, 'USAGE')
    from pg_catalog.pg_roles as role where role.rolname = $2::text))::text as fact
from pg_catalog.pg_namespace as space where space.nspname = any ($1::text[]) order by space.nspname`

export interface SchemaFact {
  readonly name: string
  readonly owner: string
  readonly grantees: readonly string[]
  readonly appUsage: boolean | null
}
