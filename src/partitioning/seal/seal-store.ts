import type { ArchiveClient } from '../archive/archive-client.ts'
import type { ArchivedPartition } from '../archive/archived-partition.ts'
import type { ArchivedColumn, ArchivedShape, OrderTerm } from '../archive/archived-shape.ts'
import type { TenantTree } from './compare-seal.ts'
import type { TenantSeal } from './tenant-seal.ts'

/** A tenant's seal with the nodes by which a change is found. */
export interface StoredSeal extends TenantSeal, TenantTree {}

/** A month as it was sealed. */
export interface SealedPartition {
  readonly partition: string
  readonly lowUs: bigint | undefined
  readonly highUs: bigint | undefined
  /** Columns and order that were sealed: later ones are none of the seal's. */
  readonly shape: ArchivedShape
  readonly schemaHash: string
  readonly tenantsKeyed: boolean
  readonly rows: bigint
  /** Over the seals of all tenants. */
  readonly seal: string
  readonly tenants: readonly StoredSeal[]
}

interface SealedRow {
  readonly id: string
  readonly partition: string
  readonly lowUs: string | null
  readonly highUs: string | null
  readonly columns: readonly ArchivedColumn[]
  readonly rowOrder: readonly OrderTerm[]
  readonly schemaHash: string
  readonly tenantsKeyed: boolean
  readonly rows: string
  readonly seal: string
}

interface TenantRow {
  readonly tenant: string
  readonly rows: string
  readonly root: string
  readonly chunks: string
  readonly previous: string | null
  readonly seal: string
}

const SEALED = `
  select id::text, partition, low_us::text as "lowUs", high_us::text as "highUs", columns, row_order as "rowOrder", schema_hash as "schemaHash", tenants_keyed as "tenantsKeyed",
         rows::text, seal
  from leasehold.sealed_partition where table_name = $1`
const OF_MONTH = ' and low_us is not distinct from $2::int8 and high_us is not distinct from $3::int8'

const TENANTS = `
  select tenant, rows::text, root, encode(chunks, 'hex') as chunks, previous, seal
  from leasehold.partition_seal where sealed_id = $1::int8 order by tenant`

const LAST_SEALS = `
  select distinct on (tenant) tenant, seal from leasehold.partition_seal where table_name = $1 order by tenant, id desc`

const NOTE_PARTITION = `
  insert into leasehold.sealed_partition (table_name, partition, low_us, high_us, tenant_column, columns, row_order, schema_hash,
                                          tenants_keyed, tenants, rows, seal)
  values ($1, $2, $3::int8, $4::int8, $5, $6::jsonb, $7::jsonb, $8, $9, $10, $11::int8, $12) returning id::text`

const NOTE_TENANTS = `
  insert into leasehold.partition_seal (sealed_id, table_name, tenant, rows, root, chunks, previous, seal)
  select $1::int8, $2, t.tenant, t.rows, t.root, decode(t.chunks, 'hex'), t.previous, t.seal
  from unnest($3::text[], $4::int8[], $5::text[], $6::text[], $7::text[], $8::text[])
    as t(tenant, rows, root, chunks, previous, seal)`

/** The seal of a partition's month, if it was sealed. Within a transaction of `inPinnedTransaction`. */
export async function readSealed(
  client: ArchiveClient,
  { table, lowUs, highUs }: Pick<ArchivedPartition, 'table' | 'lowUs' | 'highUs'>,
): Promise<SealedPartition | undefined> {
  const found = await client.query({
    text: SEALED + OF_MONTH,
    values: [table, textOf(lowUs), textOf(highUs)],
  })
  const [sealed] = found.rows as readonly SealedRow[]
  return sealed && withTenants(client, sealed)
}

/** All sealed months of a table, in the order in which they were sealed. Within a transaction of `inPinnedTransaction`. */
export async function readAllSealed(client: ArchiveClient, table: string): Promise<SealedPartition[]> {
  const { rows } = await client.query({ text: `${SEALED} order by id`, values: [table] })
  const months: SealedPartition[] = []
  for (const sealed of rows as readonly SealedRow[]) months.push(await withTenants(client, sealed))
  return months
}

async function withTenants(client: ArchiveClient, sealed: SealedRow): Promise<SealedPartition> {
  const { rows } = await client.query({ text: TENANTS, values: [sealed.id] })
  const { id: _, columns, rowOrder, ...rest } = sealed
  return {
    ...rest,
    lowUs: sealed.lowUs === null ? undefined : BigInt(sealed.lowUs),
    highUs: sealed.highUs === null ? undefined : BigInt(sealed.highUs),
    rows: BigInt(sealed.rows),
    shape: { columns, order: rowOrder },
    tenants: (rows as readonly TenantRow[]).map((row) => ({
      ...row,
      rows: BigInt(row.rows),
      chunks: Buffer.from(row.chunks, 'hex'),
      previous: row.previous ?? undefined,
    })),
  }
}

/** The last seal of each tenant of a table, by the hash of its id. */
export async function readLastSeals(
  client: ArchiveClient,
  table: string,
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query({ text: LAST_SEALS, values: [table] })
  return new Map(
    (rows as readonly { tenant: string; seal: string }[]).map(({ tenant, seal }) => [tenant, seal]),
  )
}

/** Notes a sealed month. A second seal of the same month, or a second one that goes on from the same seal, is refused by the tables' keys. */
export async function noteSeals(
  client: ArchiveClient,
  { table, tenantColumn }: Pick<ArchivedPartition, 'table' | 'tenantColumn'>,
  sealed: SealedPartition,
): Promise<void> {
  const { partition, lowUs, highUs, shape, schemaHash, tenantsKeyed, tenants, rows, seal } = sealed
  const noted = await client.query({
    text: NOTE_PARTITION,
    values: [
      table,
      partition,
      textOf(lowUs),
      textOf(highUs),
      tenantColumn,
      JSON.stringify(shape.columns),
      JSON.stringify(shape.order),
      schemaHash,
      tenantsKeyed,
      tenants.length,
      String(rows),
      seal,
    ],
  })
  await client.query({
    text: NOTE_TENANTS,
    values: [
      (noted.rows as readonly { id: string }[])[0]?.id,
      table,
      tenants.map(({ tenant }) => tenant),
      tenants.map((one) => String(one.rows)),
      tenants.map(({ root }) => root),
      tenants.map(({ chunks }) => chunks.toString('hex')),
      tenants.map(({ previous }) => previous ?? null),
      tenants.map((one) => one.seal),
    ],
  })
}

function textOf(us: bigint | undefined): string | null {
  return us === undefined ? null : String(us)
}
