import { quoteText } from '../../../rls/sql/quote.ts'
import type { TablePlanning } from '../table-planning.ts'

/** LIKE does not copy it; updates of published rows would fail in the new month only. The table is locked by the ATTACH before. */
export function replicaIdentity(
  { parent, ident: parentIdent }: TablePlanning,
  ident: string,
): readonly string[] {
  switch (parent.replicaIdentity) {
    case 'd':
      return []
    case 'f':
      return [`alter table ${ident} replica identity full;`]
    case 'n':
      return [`alter table ${ident} replica identity nothing;`]
    case 'i':
      return [usingIndex(parentIdent, ident)]
  }
}

/** The name of the partition's own index is PostgreSQL's choice. Where the parent's index is gone by now, nothing is set. */
function usingIndex(parent: string, ident: string): string {
  const format = quoted(`alter table ${ident.replaceAll('%', '%%')} replica identity using index %I`)
  const body =
    'declare found record; begin for found in select its.relname from pg_catalog.pg_index as whole ' +
    'join pg_catalog.pg_inherits as link on link.inhparent = whole.indexrelid ' +
    'join pg_catalog.pg_index as part on part.indexrelid = link.inhrelid ' +
    'join pg_catalog.pg_class as its on its.oid = part.indexrelid ' +
    `where whole.indisreplident and whole.indrelid = ${quoted(parent)}::pg_catalog.regclass ` +
    `and part.indrelid = ${quoted(ident)}::pg_catalog.regclass ` +
    `loop execute pg_catalog.format(${format}, found.relname); end loop; end`
  return `do ${quoted(body)};`
}

function quoted(text: string): string {
  return quoteText(text).trimStart()
}
