import pg from 'pg'
import { createDatabase, type PostgresNode } from '../../src/testing/index.ts'
import { schemaOf } from './schema.ts'

/** Makes a database with the table of events. */
export async function makeDatabase(primary: PostgresNode, runs: number): Promise<string> {
  const { name } = await createDatabase(primary)
  await using admin = await open(primary.adminUrl(name))
  await admin.client.query(schemaOf(name, runs))
  return name
}

/** A session that ends with its scope, and stays quiet when it is cut. */
export async function open(url: string): Promise<AsyncDisposable & { readonly client: pg.Client }> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  return { client, [Symbol.asyncDispose]: () => client.end().catch(() => {}) }
}

/** Rows of all partitions, attached or not. */
export async function countRows(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('public_parts', 'public_detached') and c.relkind = 'r'`,
  )
  let sum = 0
  for (const { name } of rows) sum += await countIn(client, name)
  return sum
}

/** Rows of one partition. */
export async function countIn(client: pg.Client, table: string): Promise<number> {
  const { rows } = await client.query<{ n: string }>(`select count(*) as n from only ${table}`)
  return Number(rows[0]?.n)
}
