import { CHUNK_LEAVES, rootOfChunks } from './merkle-tree.ts'

/** A tenant's tree, as it was sealed or as it is now. */
export interface TenantTree {
  readonly rows: bigint
  /** In hexadecimal. */
  readonly root: string
  readonly chunks: Buffer
}

/**
 * - `changed`: as many rows as were sealed, and some differ, or stand in another order
 * - `added`, `deleted`: more or fewer rows than were sealed
 * - `unknown-tenant`: rows of a tenant that had none when the month was sealed
 * - `damaged-seal`: the seal itself does not hold together
 */
export type SealBreak = 'changed' | 'added' | 'deleted' | 'unknown-tenant' | 'damaged-seal'

/** Where rows are not those that were sealed. Holds no value of a row. */
export interface SealFinding {
  readonly kind: SealBreak
  /** The hash of the tenant's id. */
  readonly tenant: string
  /**
   * Rows of the tenant in the sealed order, counted from 0, the last one exclusive, within which it differs. Where rows were added or
   * deleted, all behind the first difference have moved, and only the range where it begins is named.
   */
  readonly fromRow: bigint
  readonly toRow: bigint
}

/** What differs between the sealed tree of a tenant and the one that there is. */
export function compareSeal(
  tenant: string,
  sealed: TenantTree | undefined,
  found: TenantTree | undefined,
): SealFinding[] {
  if (!sealed) {
    return found ? [{ kind: 'unknown-tenant', tenant, fromRow: 0n, toRow: found.rows }] : []
  }
  if (rootOfChunks(sealed.chunks).toString('hex') !== sealed.root) {
    return [{ kind: 'damaged-seal', tenant, fromRow: 0n, toRow: sealed.rows }]
  }
  if (!found) return [{ kind: 'deleted', tenant, fromRow: 0n, toRow: sealed.rows }]
  if (found.root === sealed.root && found.rows === sealed.rows) return []
  const most = found.rows > sealed.rows ? found.rows : sealed.rows
  const ranges = differingChunks(sealed.chunks, found.chunks).map((chunk) => {
    const fromRow = BigInt(chunk) * BigInt(CHUNK_LEAVES)
    const end = fromRow + BigInt(CHUNK_LEAVES)
    return { fromRow, toRow: end < most ? end : most }
  })
  if (found.rows === sealed.rows) return ranges.map((range) => ({ kind: 'changed', tenant, ...range }))
  const kind = found.rows > sealed.rows ? 'added' : 'deleted'
  return ranges.slice(0, 1).map((range) => ({ kind, tenant, ...range }))
}

function differingChunks(sealed: Buffer, found: Buffer): number[] {
  const count = Math.max(sealed.length, found.length) / 32
  const chunkOf = (chunks: Buffer, chunk: number) => chunks.subarray(chunk * 32, chunk * 32 + 32)
  return Array.from({ length: count }, (_, chunk) => chunk).filter(
    (chunk) => !chunkOf(sealed, chunk).equals(chunkOf(found, chunk)),
  )
}
