import { ArchiveError } from '../archive/archive-error.ts'
import { inPinnedTransaction } from '../archive/archive-session.ts'
import { CanonicalRow, type TextRow } from '../archive/canonical-row.ts'
import { readRows } from '../archive/read-rows.ts'
import { hashTenantId } from '../archive/tenant-hash.ts'
import { withClient } from '../archive/with-client.ts'
import { type InclusionProof, proveInclusion, provesInclusion } from './inclusion-proof.ts'
import { hashLeaf } from './merkle-hash.ts'
import type { SealOptions } from './seal-partition.ts'
import { readSealed, type StoredSeal } from './seal-store.ts'
import { type SealedMonth, sealTenant, type TenantSeal } from './tenant-seal.ts'

/** A tenant's proof that a row of its own is among those that were sealed. It holds that row, and hashes of the same tenant's others. */
export interface RowProof {
  readonly month: SealedMonth
  readonly seal: TenantSeal
  /** Names of the sealed columns. */
  readonly columns: readonly string[]
  readonly row: TextRow
  readonly inclusion: InclusionProof
}

const DEFAULT_QUERY_TIMEOUT_MS = 3_600_000

/**
 * Makes the proof for one row of a tenant, by its place in the sealed order, from the partition's rows.
 *
 * @throws {ArchiveError} `seal` when the month is not sealed, or the tenant's rows are not those that were sealed any more
 * @throws {RangeError} when the tenant has no such row
 */
export function proveRow(
  options: SealOptions & { readonly tenantId: string; readonly row: number },
): Promise<RowProof> {
  const { partition, connect, queryTimeoutMs = DEFAULT_QUERY_TIMEOUT_MS, tenantId } = options
  return withClient(connect, (client) =>
    inPinnedTransaction(client, 'isolation level repeatable read, read only', queryTimeoutMs, async () => {
      const sealed = await readSealed(client, partition)
      const tenant = hashTenantId(tenantId, options.tenantHashKey)
      const seal = sealed?.tenants.find((one) => one.tenant === tenant)
      if (!sealed || !seal) {
        throw new ArchiveError(
          'seal',
          `${partition.partition} has no seal for that tenant. Seal the month first.`,
        )
      }
      const tenantAt = sealed.shape.columns.findIndex(({ name }) => name === partition.tenantColumn)
      const canonical = new CanonicalRow()
      const hashes: Buffer[] = []
      let wanted: TextRow | undefined
      const table = { schema: partition.schema, name: partition.partition }
      for await (const batch of readRows(client, table, sealed.shape, options.signal)) {
        for (const row of batch) {
          if (row[tenantAt] !== tenantId) continue
          if (hashes.length === options.row) wanted = row
          hashes.push(hashLeaf(canonical.encode(row)))
        }
      }
      const inclusion = proveInclusion(hashes, options.row)
      const { table: name, lowUs, highUs } = partition
      const month = { table: name, lowUs, highUs, schemaHash: sealed.schemaHash }
      const columns = sealed.shape.columns.map((column) => column.name)
      const proof = { month, seal: withoutChunks(seal), columns, row: wanted ?? [], inclusion }
      if (provesRow(proof)) return proof
      throw new ArchiveError(
        'seal',
        `The tenant's rows in ${partition.partition} are not those that were sealed: verifyPartition() says where.`,
      )
    }),
  )
}

/** Whether a proof holds: that the row is under the root, and the root in the seal, which the tenant has from another place. */
export function provesRow({ month, seal, row, inclusion }: RowProof): boolean {
  return (
    BigInt(inclusion.leaves) === seal.rows &&
    provesInclusion(inclusion, new CanonicalRow().encode(row), Buffer.from(seal.root, 'hex')) &&
    sealTenant(month, seal).seal === seal.seal
  )
}

function withoutChunks({ tenant, rows, root, previous, seal }: StoredSeal): TenantSeal {
  return { tenant, rows, root, previous, seal }
}
