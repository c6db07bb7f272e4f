import type { CatalogClient } from '../../rls/catalog/catalog-client.ts'
import { quoteName, quoteText } from '../../rls/sql/quote.ts'

/**
 * SQL of a digest of what a swap carries over. A row of a catalog that is written anew has another `xmin`. What the steps before
 * the swap add to the table is left out.
 *
 * @param own names of constraints and indexes
 */
function digest(ident: string, own: readonly string[]): string {
  const names = `array[${own.map(quoteText).join(', ')}]::pg_catalog.name[]`
  const rows = (catalog: string, column: string, also = '') =>
    `select '${catalog}' || row.oid || ' ' || row.xmin from pg_catalog.${catalog} as row where row.${column} = class.oid${also}`
  return `(select pg_catalog.md5(pg_catalog.string_agg(line, ',' order by line collate "C"))
  from pg_catalog.pg_class as class cross join lateral (
    select pg_catalog.concat_ws(' ', class.relkind, class.relowner, class.relrowsecurity, class.relforcerowsecurity, class.relreplident, class.relacl, class.reloptions, pg_catalog.obj_description(class.oid, 'pg_class'))
    union all select att.attnum || ' ' || att.xmin from pg_catalog.pg_attribute as att where att.attrelid = class.oid and att.attnum > 0
    union all ${rows('pg_attrdef', 'adrelid')}
    union all ${rows('pg_policy', 'polrelid')}
    union all ${rows('pg_trigger', 'tgrelid', ' and not row.tgisinternal')}
    union all ${rows('pg_constraint', 'conrelid', ` and row.conname <> all (${names})`)}
    union all ${rows('pg_constraint', 'confrelid')}
    union all ${rows('pg_statistic_ext', 'stxrelid')}
    union all ${rows('pg_publication_rel', 'prrelid')}
    union all select idx.indexrelid || ' ' || idx.xmin from pg_catalog.pg_index as idx join pg_catalog.pg_class as its on its.oid = idx.indexrelid
      where idx.indrelid = class.oid and its.relname <> all (${names})
    union all select 'on ' || dep.classid || ' ' || dep.objid from pg_catalog.pg_depend as dep
      where dep.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and dep.refobjid = class.oid and dep.deptype = 'n'
        and dep.classid in ('pg_catalog.pg_rewrite'::pg_catalog.regclass, 'pg_catalog.pg_proc'::pg_catalog.regclass)
  ) as part (line)
  where class.oid = ${quoteText(ident)}::pg_catalog.regclass)`
}

/** Reads the digest as it is now. */
export async function readDigest(
  client: CatalogClient,
  ident: string,
  own: readonly string[],
): Promise<string> {
  const { rows } = await client.query(`select ${digest(ident, own)} as digest`)
  const [row] = rows as readonly { readonly digest: string }[]
  return row?.digest ?? ''
}

/** A statement that fails where the table is no longer as it was planned for; to be run under the swap's lock. */
export function guardStatement(ident: string, own: readonly string[], planned: string): string {
  return raiseUnless(
    `${digest(ident, own)} = ${quoteText(planned)}`,
    `the table has been changed since this was planned; plan again`,
  )
}

/** A statement that fails with a message, and SQLSTATE 55000, where a condition does not hold. */
export function raiseUnless(condition: string, message: string): string {
  const body = ` begin if not (${condition}) then raise exception using errcode = '55000', message = ${quoteText(message)}; end if; end `
  return `do ${dollarQuote(body)};`
}

function dollarQuote(body: string): string {
  let tag = 'leasehold'
  while (body.includes(`$${tag}$`)) tag += '_'
  return `$${tag}$${body}$${tag}$`
}

/** A table for a condition of {@link raiseUnless}: whether it holds no row. */
export function holdsNoRow(schema: string, name: string): string {
  return `not exists (select from ${quoteName(schema)}.${quoteName(name)})`
}
