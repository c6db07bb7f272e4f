import { quoteName, quoteText } from '../../../rls/sql/quote.ts'
import type { Month } from '../../months/month.ts'
import { monthBound } from '../../months/month-bound.ts'
import { type Conversion, qualify } from '../conversion.ts'
import { replicaIdentity } from '../dress/dress.ts'
import { harden } from '../dress/harden.ts'
import type { TableShape } from '../shape/table-shape.ts'
import { optionList } from './make-parent.ts'

/** The empty partition of a month, in the transaction that makes its parent or may lock it. */
export function makeMonth(conversion: Conversion, shape: TableShape, month: Month): readonly string[] {
  return [...createMonth(conversion, shape, month), ...attachMonth(conversion, shape, month)]
}

/** A table like its parent, which nobody but its owner can reach and which is attached to nothing. */
export function createMonth(conversion: Conversion, shape: TableShape, month: Month): readonly string[] {
  const { ident } = conversion.partition(month)
  const options = [...shape.options, ...shape.toastOptions.map((option) => `toast.${option}`)]
  const storage = options.length > 0 ? ` with (${optionList(options)})` : ''
  return [
    // A partition takes its identity from its parent, and is refused with one of its own.
    `create table ${ident} (like ${conversion.ident} including all excluding identity)${storage};`,
    `alter table ${ident} owner to ${quoteName(shape.owner)};`,
  ]
}

/** Hardens it and attaches it. */
export function attachMonth(conversion: Conversion, shape: TableShape, month: Month): readonly string[] {
  const { keyType } = conversion.table
  const { ident } = conversion.partition(month)
  const range = `from (${monthBound(month, keyType)}) to (${monthBound(month + 1, keyType)})`
  return [
    ...harden(ident, shape),
    // A foreign key is checked by a query on the partition, which is an error where policies would filter it.
    'set local row_security = on;',
    `alter table ${conversion.ident} attach partition ${ident} for values ${range};`,
    'set local row_security = off;',
    ...(shape.replicaIdentity === 'i' && shape.replicaIndex !== null
      ? [replicaIndexOf(ident, qualify(conversion.set.schema, shape.replicaIndex))]
      : replicaIdentity(ident, shape)),
  ]
}

/** The name of the partition's own index is PostgreSQL's choice. */
function replicaIndexOf(ident: string, parentIndex: string): string {
  const format = `alter table ${ident.replaceAll('%', '%%')} replica identity using index %I`
  return (
    `do $leasehold$ begin execute (select pg_catalog.format(${quoteText(format)}, its.relname) from pg_catalog.pg_inherits as link ` +
    'join pg_catalog.pg_class as its on its.oid = link.inhrelid join pg_catalog.pg_index as idx on idx.indexrelid = its.oid ' +
    `where link.inhparent = ${quoteText(parentIndex)}::pg_catalog.regclass and idx.indrelid = ${quoteText(ident)}::pg_catalog.regclass); end $leasehold$;`
  )
}
