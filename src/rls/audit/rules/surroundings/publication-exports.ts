import { quoteName } from '../../../sql/quote.ts'
import { type AuditRule, catalogRule } from '../../audit-rule.ts'

interface Publication {
  readonly object: string
  readonly scope: 'all' | 'schema' | 'table'
  readonly tables: readonly string[]
  readonly count: number
}

/** So many tables a message names; the rest it counts. */
const NAMED = 3

/**
 * Logical replication reads the log, where there are no policies. A row filter counts if it reads the tenant column:
 * the node tree of `prqual` then holds a Var of that number.
 *
 * @see https://www.postgresql.org/docs/current/logical-replication-row-filter.html
 */
const publications = catalogRule<Publication>({
  id: 'publication-exports',
  title: "Every tenant's rows leave through logical replication",
  severity: 'warning',
  query: `, exporting as (
  select * from pg_catalog.pg_publication where pubinsert or pubupdate or pubdelete
), exported as (
  select exporting.oid, 'all' as scope, tenant_table.object from exporting, tenant_table where exporting.puballtables
  union all
  select exporting.oid, 'schema', tenant_table.object
  from exporting join pg_catalog.pg_publication_namespace as part on part.pnpubid = exporting.oid
  join pg_catalog.pg_namespace as space on space.oid = part.pnnspid
  join tenant_table on tenant_table.schema = space.nspname
  union all
  select exporting.oid, 'table', tenant_table.object
  from exporting join pg_catalog.pg_publication_rel as part on part.prpubid = exporting.oid
  join tenant_table on tenant_table.oid = part.prrelid
  where part.prqual is null or part.prqual::text !~ (':varattno ' || tenant_table.tenant || '\\y')
)
select exporting.pubname as object, exported.scope, pg_catalog.count(*)::int as count,
  (pg_catalog.array_agg(exported.object order by exported.object))[1:${NAMED}] as tables
from exported join exporting using (oid)
where exists (select from pg_catalog.pg_publication)
group by exporting.pubname, exported.scope order by exporting.pubname, exported.scope`,
  report: ({ object, scope, tables, count }) => ({
    object,
    message:
      `The publication ${quoteName(object)} ${WHAT[scope]} ${tables.join(', ')}${count > NAMED ? ` and ${count - NAMED} more` : ''}. ` +
      'Replication knows no policies: a subscriber gets the rows of all tenants.',
    fix: 'If each subscriber may see every tenant, accept this. Else name tables with a row filter: ALTER PUBLICATION ... SET TABLE ... WHERE (tenant column = ...).',
  }),
})

const WHAT = {
  all: 'is FOR ALL TABLES, among them',
  schema: 'is for all tables of a schema, among them',
  table: 'has no row filter on the tenant of',
} as const

/** A slot keeps changes for whoever reads it; plugins other than pgoutput ask for no publication at all. */
const slots = catalogRule<{ slot: string; plugin: string }>({
  id: publications.id,
  title: publications.title,
  severity: 'warning',
  query: `select slot_name as slot, plugin from pg_catalog.pg_replication_slots
where slot_type = 'logical' and database = pg_catalog.current_database() and not temporary
order by slot_name`,
  report: ({ slot, plugin }) => ({
    object: slot,
    severity: plugin === 'pgoutput' ? 'info' : 'warning',
    message:
      plugin === 'pgoutput'
        ? 'Who reads this logical replication slot gets the rows of all tenants in whatever it names of the publications.'
        : `Who reads this logical replication slot (${plugin}) gets every change of every tenant, published or not.`,
    fix: "If the slot's reader may see every tenant, accept this. Else drop the slot with pg_drop_replication_slot().",
  }),
})

/** Publications, and slots that are read already. */
export const publicationExports: AuditRule = {
  ...publications,
  find: async (subject) => [...(await publications.find(subject)), ...(await slots.find(subject))],
}
