import type { CatalogClient } from '../../rls/catalog/catalog-client.ts'
import type { PartitionedTable, PartitionSet } from '../definition/partition-options.ts'
import type { LedgerRow } from '../ledger/ledger-row.ts'
import { readLedger } from '../ledger/read-ledger.ts'
import { monthOfPartitionName } from '../months/partition-name.ts'
import type { PartitionCatalog, TableState } from './partition-catalog.ts'
import { DEFAULT_PRIVILEGES, type DefaultPrivilegeFact } from './read/default-privileges-query.ts'
import { LEAVES, type LeafFact } from './read/leaves-query.ts'
import { LOOSE, type LooseFact } from './read/loose-query.ts'
import { PARENTS, type ParentFact } from './read/parents-query.ts'
import { readFacts } from './read/read-facts.ts'
import { SCHEMAS, type SchemaFact } from './read/schemas-query.ts'
import { SERVER, type ServerFact } from './read/server-query.ts'
import { leafOf, looseOf, parentOf } from './read/states.ts'

/** `row_security`: rows of the ledger that were hidden would be months that were never there. */
const PINNED =
  "set local search_path = pg_catalog; set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'; " +
  "set local intervalstyle = 'iso_8601'; set local row_security = off; set local statement_timeout = '60s'; set local lock_timeout = '5s'; set local jit = off"

/**
 * Reads all that a plan or a check depends on, in one snapshot, and changes nothing. Works on a standby too.
 *
 * @param client connected to PostgreSQL, and in no transaction. Any role will do that may read the catalogs; where there is a ledger, its
 *   owner or a member of it
 */
export async function readCatalog(client: CatalogClient, set: PartitionSet): Promise<PartitionCatalog> {
  await client.query('begin isolation level repeatable read read only')
  try {
    await client.query(PINNED)
    return await readPinned(client, set)
  } finally {
    // Where the connection is gone, the first error says so.
    await client.query('rollback').catch(() => {})
  }
}

async function readPinned(client: CatalogClient, set: PartitionSet): Promise<PartitionCatalog> {
  const [server] = await readFacts<ServerFact>(client, SERVER)
  if (!server) throw new Error('The server gave no answer to a query that always has one.')
  const own = [set.partsSchema, set.detachedSchema]
  const schemas = await readFacts<SchemaFact>(client, SCHEMAS, [own, set.appRole])
  const privileges = await readFacts<DefaultPrivilegeFact>(client, DEFAULT_PRIVILEGES, [own])
  const ledger = server.ledger
    ? await readLedger(
        client,
        set.tables.map(({ name }) => `${set.schema}.${name}`),
      )
    : []
  return {
    nowUs: BigInt(server.nowUs),
    serverVersion: server.serverVersion,
    inRecovery: server.inRecovery,
    prepared: {
      partsSchema: schemas.some(({ name }) => name === set.partsSchema),
      detachedSchema: schemas.some(({ name }) => name === set.detachedSchema),
      ledger: server.ledger,
    },
    schemas: schemas.map((schema) => ({ ...schema, appUsage: schema.appUsage ?? undefined })),
    defaultPrivileges: privileges.map((each) => ({ ...each, schema: each.schema ?? undefined })),
    tables: await readTables(client, set, ledger),
  }
}

async function readTables(
  client: CatalogClient,
  set: PartitionSet,
  ledger: readonly LedgerRow[],
): Promise<readonly TableState[]> {
  const names = set.tables.map(({ name }) => name)
  const parents = await readFacts<ParentFact>(client, PARENTS, [set.schema, names])
  const leaves = await readFacts<LeafFact>(client, LEAVES, [parents.map(({ oid }) => oid)])
  // The oid of a table that is gone may be another's by now.
  const noted = ledger.filter(({ state }) => state !== 'dropped').map(({ oid }) => oid)
  const loose = await readFacts<LooseFact>(client, LOOSE, [[set.partsSchema, set.detachedSchema], noted])
  return set.tables.map((definition) => {
    const parent = parents.find(({ name }) => name === definition.name)
    const rows = ledger.filter(({ table }) => table === `${set.schema}.${definition.name}`)
    return {
      definition,
      parent: parent && parentOf(parent),
      leaves: leaves.filter((leaf) => leaf.parent === parent?.oid).map(leafOf),
      loose: loose
        .filter((table) => table.oid !== parent?.oid && belongsTo(definition, rows, table))
        .map(looseOf),
      ledger: rows,
    }
  })
}

function belongsTo(table: PartitionedTable, rows: readonly LedgerRow[], { oid, name }: LooseFact): boolean {
  return (
    rows.some((row) => row.oid === oid && row.state !== 'dropped') ||
    monthOfPartitionName(table.name, name) !== undefined
  )
}
