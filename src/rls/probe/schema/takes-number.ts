/**
 * SQL that is true of a default that calls nextval(). It looks into the tree, since `pg_get_expr` waits for whoever has locked the table.
 *
 * @param def a row of `pg_attrdef`
 */
export function takesNumber(def: string): string {
  return `${def}.adbin::text like '%:funcid ' || 'nextval(regclass)'::regprocedure::oid || ' %'`
}
