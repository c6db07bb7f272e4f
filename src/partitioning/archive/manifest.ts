import { createHash } from 'node:crypto'
import type { ArchivedColumn, OrderTerm } from './archived-shape.ts'

export const MANIFEST_VERSION = 1

/** An object of an archive, as it lies in the sink. */
export interface ManifestObject {
  readonly name: string
  readonly rows: number
  readonly bytes: number
  /** Of the object, packed as it is; in hexadecimal, like all hashes here. */
  readonly sha256: string
}

/** One tenant's share. The id itself is nowhere in the manifest. */
export interface ManifestTenant {
  /** The hash of the tenant's id. */
  readonly tenant: string
  readonly rows: number
  /** Over the tenant's rows in their order. */
  readonly sha256: string
  /** The root of the Merkle tree over them. */
  readonly root: string
  /** The tenant's seal before this one. */
  readonly previous: string | null
  readonly seal: string
}

/**
 * What an archive holds, and how to tell that it still does. It holds no time, so that an archive that is made again of the same rows
 * has the same manifest.
 */
export interface ArchiveManifest {
  readonly version: typeof MANIFEST_VERSION
  /** The partitioned table, `schema.name`. */
  readonly table: string
  readonly partition: string
  /** Microseconds of the Unix epoch, in decimal; null for a bound that is open. */
  readonly bounds: { readonly lowUs: string | null; readonly highUs: string | null }
  readonly key: string
  readonly tenantColumn: string
  readonly columns: readonly ArchivedColumn[]
  readonly order: readonly OrderTerm[]
  /** Of the names and types of the columns, and of the order. */
  readonly schemaHash: string
  readonly format: 'ndjson.gz' | 'parquet'
  readonly rows: number
  /** Of the objects with rows. */
  readonly bytes: number
  /** Over all rows in their order. */
  readonly sha256: string
  /** The least and the greatest key, as PostgreSQL writes them; null where there is no row. */
  readonly keyRange: { readonly min: string | null; readonly max: string | null }
  /** In the order of their rows. */
  readonly objects: readonly ManifestObject[]
  /** Whether the hashes of tenant ids are keyed. */
  readonly tenantsKeyed: boolean
  /** In the order of their hashes, which says nothing of that of their ids. */
  readonly tenants: readonly ManifestTenant[]
  /** Over the seals of all tenants. */
  readonly seal: string
  /** Columns that the roots and seals are over, and the hash of their types: fewer than all where a column was added after the month was sealed. */
  readonly sealedColumns: readonly string[]
  readonly sealedSchemaHash: string
  /** Where the nodes of the tenants' trees are, by which a change is found: a line for each tenant. */
  readonly sealObject: ManifestObject
  /** SHA-256 of the manifest before, of the same table; null for the first. */
  readonly previous: string | null
}

/** The bytes that a manifest is written as, and their hash, by which it is called. */
export function writeManifest(manifest: ArchiveManifest): {
  readonly bytes: Buffer
  readonly sha256: string
} {
  const bytes = Buffer.from(`${JSON.stringify(manifest, undefined, 1)}\n`)
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
}
