/**
 * SQL: whether the login role can name a relation and read or change rows of it.
 *
 * Naming takes USAGE on the schema, which a view that reads the relation does not need. A grant on one column is enough to
 * count rows. One role must have both: SET ROLE leaves behind what it was set from.
 *
 * @param relation the name of a row of `relation` or `tenant_table`
 */
export function reaches(relation: string): string {
  return `exists (
  select from app_role
  where pg_catalog.has_schema_privilege(app_role.oid, ${relation}.schema, 'USAGE')
    and (pg_catalog.has_any_column_privilege(app_role.oid, ${relation}.oid, 'SELECT, INSERT, UPDATE')
      or pg_catalog.has_table_privilege(app_role.oid, ${relation}.oid, 'DELETE'))
)`
}

/** SQL: whether the login role may read columns of a relation that a view over it names, whatever its schema. */
export function mayRead(relation: string): string {
  return `exists (
  select from app_role where pg_catalog.has_any_column_privilege(app_role.oid, ${relation}.oid, 'SELECT')
)`
}

/**
 * SQL: whether the login role is a role or can become it, so that what runs as that one can do no more than it. A role whose
 * privileges alone it has may have BYPASSRLS, which what runs as it has then and the login role has not.
 */
export function becomes(role: string): string {
  return `${role} in (select held_role.oid from held_role where held_role.taken)`
}

/** SQL: whether a role is one that the login role is, or has the privileges of, or can become. */
export function isApp(role: string): string {
  return `${role} in (select held_role.oid from held_role)`
}
