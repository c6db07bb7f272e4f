import type { CatalogClient } from '../../rls/catalog/catalog-client.ts'
import { readFacts } from '../catalog/read/read-facts.ts'
import type { LedgerRow, LedgerState } from './ledger-row.ts'

/** Numbers as text: not every `bigint` is a number of JavaScript. */
const LEDGER = `select pg_catalog.json_build_object(
  'table', "table", 'partition', partition, 'oid', oid::pg_catalog.int8, 'lowUs', low_us::text, 'highUs', high_us::text, 'state', state,
  'archiveUri', archive_uri, 'rows', rows::text, 'sha256', sha256, 'hold', hold,
  'detachedAtUs', pg_catalog.trunc(extract(epoch from detached_at) * 1000000)::text,
  'dropAfterUs', pg_catalog.trunc(extract(epoch from drop_after) * 1000000)::text)::text as fact
from leasehold.partition_ledger where "table" = any ($1::text[])
order by "table", low_us nulls first, oid`

interface LedgerFact {
  readonly table: string
  readonly partition: string
  readonly oid: number
  readonly state: LedgerState
  readonly lowUs: string | null
  readonly highUs: string | null
  readonly archiveUri: string | null
  readonly rows: string | null
  readonly sha256: string | null
  readonly hold: string | null
  readonly detachedAtUs: string | null
  readonly dropAfterUs: string | null
}

/**
 * Reads what the ledger says of some tables.
 *
 * @param tables `schema.name`, unquoted
 */
export async function readLedger(client: CatalogClient, tables: readonly string[]): Promise<LedgerRow[]> {
  const facts = await readFacts<LedgerFact>(client, LEDGER, [tables])
  return facts.map((fact) => ({
    table: fact.table,
    partition: fact.partition,
    oid: fact.oid,
    state: fact.state,
    lowUs: wholeNumber(fact.lowUs),
    highUs: wholeNumber(fact.highUs),
    archiveUri: fact.archiveUri ?? undefined,
    rows: wholeNumber(fact.rows),
    sha256: fact.sha256 ?? undefined,
    detachedAtUs: wholeNumber(fact.detachedAtUs),
    dropAfterUs: wholeNumber(fact.dropAfterUs),
    hold: fact.hold ?? undefined,
  }))
}

function wholeNumber(text: string | null): bigint | undefined {
  return text === null ? undefined : BigInt(text)
}
