import type { Client } from 'pg'

const FACTS = `
select 'table ' || concat_ws(' ', relname, relowner::regrole, relrowsecurity, relforcerowsecurity, relreplident, (select string_agg(entry::text, ' ' order by entry::text) from unnest(relacl) as entry), obj_description(oid, 'pg_class')) from pg_class where oid = $1::text::regclass
union all select 'column ' || concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated, a.attstorage, a.attcompression,
    coalesce(a.attstattarget, -1), a.attoptions, a.attacl, col_description(a.attrelid, a.attnum), pg_get_expr(d.adbin, d.adrelid),
    pg_get_serial_sequence($1::text, a.attname), (select concat_ws(' ', s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle, c.relacl, c.relowner::regrole)
      from pg_sequence as s join pg_class as c on c.oid = s.seqrelid where s.seqrelid = pg_get_serial_sequence($1::text, a.attname)::regclass))
  from pg_attribute as a left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum where a.attrelid = $1::text::regclass and a.attnum > 0 and not a.attisdropped
union all select 'constraint ' || concat_ws(' ', conname, contype, pg_get_constraintdef(oid), convalidated, conislocal, coninhcount, obj_description(oid, 'pg_constraint')) from pg_constraint where conrelid = $1::text::regclass
union all select 'index ' || concat_ws(' ', replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON '), indisvalid, indisreplident, obj_description(indexrelid, 'pg_class')) from pg_index where indrelid = $1::text::regclass
union all select 'policy ' || concat_ws(' ', polname, polcmd, polpermissive, polroles::regrole[], pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid), obj_description(oid, 'pg_policy')) from pg_policy where polrelid = $1::text::regclass
union all select 'trigger ' || concat_ws(' ', pg_get_triggerdef(oid), tgenabled, obj_description(oid, 'pg_trigger')) from pg_trigger where tgrelid = $1::text::regclass and not tgisinternal
union all select 'statistics ' || concat_ws(' ', pg_get_statisticsobjdef(oid), coalesce(stxstattarget, -1), stxowner::regrole, obj_description(oid, 'pg_statistic_ext')) from pg_statistic_ext where stxrelid = $1::text::regclass
union all select 'publication ' || concat_ws(' ', pubname, attnames, rowfilter) from pg_publication_tables where format('%I.%I', schemaname, tablename)::regclass = $1::text::regclass
order by 1`

/** What the catalogs say of a table, without anything that a table of the same name made anew may differ in. */
export async function tableFacts(client: Client, table: string): Promise<readonly string[]> {
  const { rows } = await client.query<[string]>({ text: FACTS, values: [table], rowMode: 'array' })
  return rows.map(([fact]) => fact)
}
