import { ConfigError } from '../../../errors/config.ts'
import { isServerError } from '../../../errors/server-error.ts'
import type { CatalogClient } from '../../catalog/catalog-client.ts'
import type { ProbeTenant } from '../probe-options.ts'
import type { TenantTable } from '../schema/probed-schema.ts'
import { choosePair } from './choose-pair.ts'

/** Rows of a table that are looked through for tenants, how many of these are taken, and how many are compared in the end. */
const LOOKED_THROUGH = 20_000
const TAKEN = 8
const COMPARED = 24
const STATEMENT_TIMEOUT_MS = 10_000
const LOCK_TIMEOUT_MS = 200

/**
 * Finds two tenants that have rows in as many tables as can be.
 *
 * @param admin a role that no policy holds, in no transaction
 * @throws {ConfigError} when it finds none
 */
export async function findTenants(
  admin: CatalogClient | undefined,
  tables: readonly TenantTable[],
): Promise<readonly [ProbeTenant, ProbeTenant]> {
  const pair = admin && (await search(admin, tables))
  if (pair) return [{ id: pair[0] }, { id: pair[1] }]
  throw new ConfigError(
    'Two tenants that have rows are needed, and were not found. Name them (`--tenant`, twice, on the command line), or give a ' +
      'connection that may read the tables and that no policy holds (`--url`), to look for them.',
  )
}

async function search(
  admin: CatalogClient,
  tables: readonly TenantTable[],
): Promise<readonly [string, string] | undefined> {
  await admin.query('begin isolation level repeatable read read only')
  try {
    await admin.query(
      `set local statement_timeout = ${STATEMENT_TIMEOUT_MS}; set local lock_timeout = ${LOCK_TIMEOUT_MS}`,
    )
    const tally = new Map<string, number>()
    for (const table of tables) {
      for (const id of await sample(admin, table)) tally.set(id, (tally.get(id) ?? 0) + 1)
    }
    const candidates = [...tally].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([id]) => id)
    const presence = new Map(candidates.slice(0, COMPARED).map((id) => [id, new Set<TenantTable>()]))
    for (const table of tables) {
      for (const id of await present(admin, table, [...presence.keys()])) presence.get(id)?.add(table)
    }
    return choosePair(presence)
  } finally {
    await admin.query('rollback').catch(() => {})
  }
}

/** Some tenants of a table. Where the first rows are all of one, it asks for another. */
async function sample(admin: CatalogClient, { ident, tenant }: TenantTable): Promise<readonly string[]> {
  const ids = await list(
    admin,
    `select distinct tenant::text as id from (
      select ${tenant} as tenant from ${ident} where ${tenant} is not null limit ${LOOKED_THROUGH}
    ) as row order by id limit ${TAKEN}`,
  )
  const [only] = ids
  if (only === undefined || ids.length > 1) return ids
  return [
    ...ids,
    ...(await list(admin, `select ${tenant}::text as id from ${ident} where ${tenant}::text <> $1 limit 1`, [
      only,
    ])),
  ]
}

function present(
  admin: CatalogClient,
  { ident, tenant, type }: TenantTable,
  ids: readonly string[],
): Promise<readonly string[]> {
  return list(
    admin,
    `select candidate.id from pg_catalog.unnest($1::text[]) as candidate (id)
      where exists (select from ${ident} as looked_into where looked_into.${tenant} = candidate.id::${type})`,
    [ids],
  )
}

/** What cannot be read, or holds ids of another kind, has no tenants to offer. */
async function list(
  admin: CatalogClient,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly string[]> {
  await admin.query('savepoint leasehold_probe')
  try {
    const { rows } = await admin.query(text, values)
    return (rows as readonly { id: string }[]).map(({ id }) => id)
  } catch (error) {
    if (!isServerError(error)) throw error
    return []
  } finally {
    await admin.query('rollback to savepoint leasehold_probe').catch(() => {})
  }
}
