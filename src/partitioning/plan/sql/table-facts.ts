import { quoteText } from '../../../rls/sql/quote.ts'

/** A condition: the oid is still that of the table of this name. */
export function isTable(
  oid: number,
  { schema, name }: { readonly schema: string; readonly name: string },
): string {
  return (
    'exists (select from pg_catalog.pg_class as class join pg_catalog.pg_namespace as space on space.oid = class.relnamespace ' +
    `where class.oid = ${oid} and space.nspname = ${quoteText(schema).trimStart()} and class.relname = ${quoteText(name).trimStart()})`
  )
}

/** A condition: the table is a partition of nothing, not even of what it is being detached from. */
export function isUnattached(oid: number): string {
  return `not exists (select from pg_catalog.pg_inherits where inhrelid = ${oid})`
}
