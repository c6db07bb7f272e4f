import { quoteText } from '../sql/quote.ts'
import type { TableDescription } from './describe/schema-description.ts'

/**
 * SQL for whether a table has a constraint.
 *
 * @param definition as `pg_get_constraintdef` prints it, where the name does not tell
 */
export function constraintExists(
  table: TableDescription,
  name: string,
  definition: string | null = null,
): string {
  const defined =
    definition === null ? '' : `\n    and pg_catalog.pg_get_constraintdef(oid) = ${quoteText(definition)}`
  return (
    'exists (select from pg_catalog.pg_constraint\n' +
    `    where conrelid = ${quoteText(table.ident)}::pg_catalog.regclass and conname = ${quoteText(name)}${defined})`
  )
}
