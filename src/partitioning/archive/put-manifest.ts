import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { SealedPartition } from '../seal/seal-store.ts'
import { ArchiveError } from './archive-error.ts'
import { archiveFolder, manifestName } from './archive-folder.ts'
import type { ArchiveOptions } from './archive-options.ts'
import { hashSchema } from './archived-shape.ts'
import {
  type ArchiveManifest,
  MANIFEST_VERSION,
  type ManifestObject,
  type ManifestTenant,
  writeManifest,
} from './manifest.ts'
import { getObject } from './read-objects.ts'
import type { PartitionReading } from './read-partition.ts'
import type { ReceiptChain } from './receipt-store.ts'
import type { ArchiveSink } from './sink/archive-sink.ts'

/** What a manifest is put together from. */
export interface ManifestParts {
  readonly reading: PartitionReading
  readonly objects: readonly ManifestObject[]
  readonly seals: SealedPartition
  readonly chain: ReceiptChain
}

/** A manifest that is in the sink. */
export interface PutManifest {
  readonly manifest: ArchiveManifest
  readonly name: string
  readonly sha256: string
}

/**
 * Puts the nodes of the seals and the manifest into the sink, and reads both back.
 *
 * @throws {ArchiveError} `sink`, `read-back`
 */
export async function putManifest(options: ArchiveOptions, parts: ManifestParts): Promise<PutManifest> {
  const { partition, sink, signal } = options
  const sealObject = await putSeals(sink, partition, parts.seals, signal)
  const manifest = chainManifest(parts, (previous) => buildManifest(options, parts, sealObject, previous))
  const { bytes, sha256 } = writeManifest(manifest)
  const name = manifestName(partition, sha256)
  await sink.put(name, bytes, signal)
  await getObject(sink, { name, rows: 0, bytes: bytes.length, sha256 }, signal)
  return { manifest, name, sha256 }
}

/** Where this partition has that very manifest already, the chain goes through it; else the new one goes on from the last. */
function chainManifest(
  { chain, reading }: ManifestParts,
  build: (previous: string | null) => ArchiveManifest,
): ArchiveManifest {
  for (const receipt of chain.receipts) {
    if (receipt.oid !== reading.identity.oid) continue
    const again = build(receipt.previous)
    if (writeManifest(again).sha256 === receipt.manifestSha256) return again
  }
  return build(chain.last ?? null)
}

async function putSeals(
  sink: ArchiveSink,
  partition: ArchiveOptions['partition'],
  seals: SealedPartition,
  signal: AbortSignal | undefined,
): Promise<ManifestObject> {
  const lines = seals.tenants.map(
    ({ tenant, chunks }) => `${JSON.stringify({ tenant, chunks: chunks.toString('base64') })}\n`,
  )
  const bytes = await promisify(gzip)(lines.join(''))
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const name = `${archiveFolder(partition)}/seals-${sha256.slice(0, 32)}.ndjson.gz`
  const object = { name, rows: lines.length, bytes: bytes.length, sha256 }
  await sink.put(name, bytes, signal)
  await getObject(sink, object, signal)
  return object
}

function buildManifest(
  { partition, format, tenantHashKey }: ArchiveOptions,
  { reading: { shape, tally, keyRange }, objects, seals }: ManifestParts,
  sealObject: ManifestObject,
  previous: string | null,
): ArchiveManifest {
  const sealOf = new Map(seals.tenants.map((one) => [one.tenant, one]))
  const tenants = tally.tenants.map(({ tenant, rows, sha256, root }): ManifestTenant => {
    const sealed = sealOf.get(tenant)
    if (!sealed) throw new ArchiveError('seal', 'A tenant has rows and no seal; nothing counts as archived.')
    return { tenant, rows: Number(rows), sha256, root, previous: sealed.previous ?? null, seal: sealed.seal }
  })
  return {
    version: MANIFEST_VERSION,
    table: partition.table,
    partition: partition.partition,
    bounds: {
      lowUs: partition.lowUs?.toString() ?? null,
      highUs: partition.highUs?.toString() ?? null,
    },
    key: partition.key,
    tenantColumn: partition.tenantColumn,
    columns: shape.columns,
    order: shape.order,
    schemaHash: hashSchema(shape),
    format,
    rows: Number(tally.rows),
    bytes: objects.reduce((sum, { bytes }) => sum + bytes, 0),
    sha256: tally.sha256,
    keyRange: { min: keyRange.min ?? null, max: keyRange.max ?? null },
    objects,
    tenantsKeyed: tenantHashKey !== undefined,
    tenants: tenants.toSorted((a, b) => (a.tenant < b.tenant ? -1 : 1)),
    seal: seals.seal,
    sealedColumns: seals.shape.columns.map(({ name }) => name),
    sealedSchemaHash: seals.schemaHash,
    sealObject,
    previous,
  }
}
