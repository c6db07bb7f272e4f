import type pg from 'pg'
import type { ArchiveClient } from '../../partitioning/archive/archive-client.ts'
import { ArchiveError } from '../../partitioning/archive/archive-error.ts'
import { manifestName } from '../../partitioning/archive/archive-folder.ts'
import type { ArchivedPartition } from '../../partitioning/archive/archived-partition.ts'
import { readChain } from '../../partitioning/archive/receipt-store.ts'
import { verifyArchive } from '../../partitioning/archive/verify-archive.ts'
import type { PartitionCatalog, TableState } from '../../partitioning/catalog/partition-catalog.ts'
import type { PartitionedTable, PartitionSet } from '../../partitioning/definition/partition-options.ts'
import type { SealFinding } from '../../partitioning/seal/compare-seal.ts'
import { printFinding } from '../../partitioning/seal/print-finding.ts'
import { verifyPartition } from '../../partitioning/seal/seal-partition.ts'
import type { Sinks } from './archiving.ts'

/** One thing to be compared with what was sealed. */
export interface Proof {
  readonly what: 'archive' | 'rows'
  readonly table: PartitionedTable
  readonly partition: ArchivedPartition
}

/** What came of it. */
export interface Verdict {
  readonly partition: string
  readonly what: Proof['what']
  readonly outcome: 'as sealed' | 'broken' | 'never sealed' | 'not read: --archiver-url is not given'
  /** Tenants stand in it by the hash of their id. */
  readonly breaks: readonly string[]
}

/** What proofs are made with. */
export interface ProofTools {
  readonly client: pg.Client
  readonly sinks: Sinks
  readonly tenantHashKey?: string
  readonly connect?: () => Promise<ArchiveClient>
  readonly signal: AbortSignal
}

/** Archives first, then months that are over and still there. */
export function chooseProofs(
  set: PartitionSet,
  catalog: PartitionCatalog,
  named: readonly string[],
): readonly Proof[] {
  return catalog.tables
    .flatMap((table) => [...archivesOf(set, table), ...rowsOf(set, table, catalog.nowUs)])
    .filter(({ partition }) => named.length === 0 || named.includes(partition.partition))
}

function archivesOf(set: PartitionSet, { definition, ledger }: TableState): readonly Proof[] {
  return ledger
    .filter(({ archiveUri }) => archiveUri !== undefined)
    .map(({ partition, oid, lowUs, highUs }) => ({
      what: 'archive',
      table: definition,
      partition: archived(set, definition, {
        schema: set.detachedSchema,
        name: partition,
        oid,
        lowUs,
        highUs,
      }),
    }))
}

function rowsOf(
  set: PartitionSet,
  { definition, leaves, loose, ledger }: TableState,
  nowUs: bigint,
): readonly Proof[] {
  const detached = loose.flatMap(({ schema, name, oid }) => {
    const row = ledger.find((noted) => noted.oid === oid)
    return row && row.state !== 'staged' ? [{ schema, name, oid, lowUs: row.lowUs, highUs: row.highUs }] : []
  })
  return [...leaves.filter(({ isDefault }) => !isDefault), ...detached]
    .filter(({ highUs }) => highUs !== undefined && highUs <= nowUs)
    .map((relation) => ({ what: 'rows', table: definition, partition: archived(set, definition, relation) }))
}

interface Bounded extends Pick<ArchivedPartition, 'schema' | 'lowUs' | 'highUs'> {
  readonly name: string
  readonly oid: number
}

function archived(
  set: PartitionSet,
  { name: table, key }: PartitionedTable,
  { name, ...rest }: Bounded,
): ArchivedPartition {
  return { ...rest, table: `${set.schema}.${table}`, partition: name, key, tenantColumn: set.tenantColumn }
}

/** @throws {ArchiveError} where an archive cannot be read, or is damaged beyond comparing */
export async function prove(proof: Proof, tools: ProofTools): Promise<Verdict> {
  const { partition } = proof.partition
  const found =
    proof.what === 'archive' ? await compareArchive(proof, tools) : await compareRows(proof, tools)
  if (typeof found === 'string') return { partition, what: proof.what, outcome: found, breaks: [] }
  const breaks = found.map(printFinding)
  return { partition, what: proof.what, outcome: breaks.length === 0 ? 'as sealed' : 'broken', breaks }
}

async function compareArchive(
  { table, partition }: Proof,
  { client, sinks, tenantHashKey, signal }: ProofTools,
): Promise<readonly SealFinding[]> {
  const sink = await sinks.of(table)
  const { receipts } = await readChain(client, partition)
  const receipt = receipts.find(({ oid }) => oid === partition.oid)
  if (!sink || !receipt) {
    throw new ArchiveError(
      'manifest',
      sink
        ? `The ledger says that ${partition.partition} is archived, but there is no receipt for it.`
        : `${partition.table} has no archive.sink in the configuration, where the archive of ${partition.partition} would be looked for.`,
    )
  }
  return verifyArchive({
    sink,
    manifest: manifestName(partition, receipt.manifestSha256),
    manifestSha256: receipt.manifestSha256,
    ...(tenantHashKey === undefined ? {} : { tenantHashKey }),
    signal,
  })
}

async function compareRows(
  { partition }: Proof,
  { connect, tenantHashKey, signal }: ProofTools,
): Promise<readonly SealFinding[] | Verdict['outcome']> {
  if (!connect) return 'not read: --archiver-url is not given'
  const found = await verifyPartition({
    partition,
    connect,
    ...(tenantHashKey === undefined ? {} : { tenantHashKey }),
    signal,
  })
  return found ?? 'never sealed'
}
