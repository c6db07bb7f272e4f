import { createHash } from 'node:crypto'
import { ArchiveError } from './archive-error.ts'
import { hashSchema } from './archived-shape.ts'
import { type ArchiveManifest, MANIFEST_VERSION } from './manifest.ts'
import type { ArchiveSink } from './sink/archive-sink.ts'

/**
 * Reads a manifest from the sink.
 *
 * @param sha256 what the receipt or the ledger says that it is
 * @throws {ArchiveError} `manifest` when it is damaged, or not that one; `sink`
 */
export async function readManifest(
  sink: ArchiveSink,
  name: string,
  sha256: string | undefined,
  signal?: AbortSignal,
): Promise<ArchiveManifest> {
  const bytes = await sink.get(name, signal)
  if (sha256 !== undefined && createHash('sha256').update(bytes).digest('hex') !== sha256) {
    throw damaged(`${sink.uri(name)} is not the manifest whose hash was noted`)
  }
  return parseManifest(bytes)
}

/** @throws {ArchiveError} `manifest` when it is none, or contradicts itself */
export function parseManifest(bytes: Uint8Array): ArchiveManifest {
  let manifest: ArchiveManifest
  try {
    manifest = JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    throw damaged('The manifest is not JSON')
  }
  if (manifest?.version !== MANIFEST_VERSION) {
    throw damaged(`The manifest is not of version ${MANIFEST_VERSION}, the only one that this release reads`)
  }
  const { objects, tenants, columns, order, rows } = manifest
  if (![objects, tenants, columns, order].every(Array.isArray)) throw damaged('The manifest lacks a list')
  const sum = (parts: readonly { readonly rows: number }[]) =>
    parts.reduce((total, part) => total + part.rows, 0)
  if (sum(objects) !== rows || sum(tenants) !== rows)
    throw damaged('The counts of the manifest do not add up')
  if (hashSchema(manifest) !== manifest.schemaHash)
    throw damaged('The columns of the manifest are not those of its schemaHash')
  return manifest
}

function damaged(what: string): ArchiveError {
  return new ArchiveError(
    'manifest',
    `${what}. Take the manifest from a copy of the sink; its hash is in leasehold_guard.partition_receipt.`,
  )
}
