import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { SealFinding } from '../seal/compare-seal.ts'
import { findBreaks } from '../seal/compare-sealed.ts'
import { sealMonth, sealTenant } from '../seal/tenant-seal.ts'
import { ArchiveError } from './archive-error.ts'
import { openFormat } from './format/open-format.ts'
import type { ArchiveManifest } from './manifest.ts'
import { readManifest } from './read-manifest.ts'
import { getObject, readObjects } from './read-objects.ts'
import { RowTally, type Tally } from './row-tally.ts'
import type { ArchiveSink } from './sink/archive-sink.ts'

/** Which archive is verified. */
export interface VerifyArchiveOptions {
  readonly sink: ArchiveSink
  /** The manifest's name in the sink. */
  readonly manifest: string
  /** What the receipt says that its SHA-256 is. */
  readonly manifestSha256?: string
  /** As it was given for the archive. */
  readonly tenantHashKey?: string
  readonly signal?: AbortSignal
}

/**
 * Reads an archive whole and compares it with its manifest, without a database.
 *
 * @returns where rows are not those that were sealed
 * @throws {ArchiveError} `manifest`, `read-back` where an object is damaged, `sink`, `seal` where the seals of the manifest contradict it
 */
export async function verifyArchive(options: VerifyArchiveOptions): Promise<SealFinding[]> {
  const { sink, signal, tenantHashKey } = options
  const manifest = await readManifest(sink, options.manifest, options.manifestSha256, signal)
  if (manifest.tenantsKeyed !== (tenantHashKey !== undefined)) {
    throw new ArchiveError(
      'seal',
      `The archive was made ${manifest.tenantsKeyed ? 'with' : 'without'} a key for the hashes of tenant ids. Give tenantHashKey as it was.`,
    )
  }
  refuseOtherSeals(manifest)
  const tally = await tallyArchive(options, manifest)
  const chunks = await readChunks(sink, manifest, signal)
  const tenants = manifest.tenants.map(({ tenant, rows, root, previous, seal }) => ({
    tenant,
    rows: BigInt(rows),
    root,
    previous: previous ?? undefined,
    seal,
    chunks: chunks.get(tenant) ?? Buffer.alloc(0),
  }))
  const findings = findBreaks({ tenants }, tally)
  if (findings.length > 0 || tally.sha256 === manifest.sha256) return findings
  throw new ArchiveError(
    'read-back',
    `The rows of the archive of ${manifest.partition} are not those whose hash is in its manifest.`,
  )
}

async function tallyArchive(
  { sink, tenantHashKey, signal }: VerifyArchiveOptions,
  manifest: ArchiveManifest,
): Promise<Tally> {
  const { columns, tenantColumn, sealedColumns, objects } = manifest
  const format = await openFormat(manifest.format)
  const positionOf = (name: string) => columns.findIndex((column) => column.name === name)
  const tally = new RowTally({
    tenantAt: positionOf(tenantColumn),
    sealedAt: sealedColumns.map(positionOf),
    tenantHashKey,
  })
  for await (const batch of readObjects(sink, format, objects, columns, signal)) {
    for (const row of batch) tally.add(row)
  }
  return tally.finish()
}

/** Makes sure that roots, the chain and the seal over all tenants of a manifest belong together. */
function refuseOtherSeals({ table, bounds, tenants, sealedSchemaHash, seal }: ArchiveManifest): void {
  const us = (text: string | null) => (text === null ? undefined : BigInt(text))
  const month = { table, lowUs: us(bounds.lowUs), highUs: us(bounds.highUs), schemaHash: sealedSchemaHash }
  const seals = tenants.map(({ tenant, rows, root, previous }) =>
    sealTenant(month, { tenant, rows: BigInt(rows), root, previous: previous ?? undefined }),
  )
  const same = seals.every((one, at) => one.seal === tenants[at]?.seal)
  if (same && sealMonth(month, seals) === seal) return
  throw new ArchiveError(
    'seal',
    'The seals of the manifest are not those of its roots: the manifest was changed.',
  )
}

async function readChunks(
  sink: ArchiveSink,
  { sealObject }: ArchiveManifest,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, Buffer>> {
  const lines = (await promisify(gunzip)(await getObject(sink, sealObject, signal)))
    .toString('utf8')
    .split('\n')
  return new Map(
    lines.filter(Boolean).map((line) => {
      const { tenant, chunks } = JSON.parse(line) as { tenant: string; chunks: string }
      return [tenant, Buffer.from(chunks, 'base64')]
    }),
  )
}
