import type { ArchivedPartition } from '../archive/archived-partition.ts'
import { type ArchivedShape, hashSchema } from '../archive/archived-shape.ts'
import type { Tally } from '../archive/row-tally.ts'
import type { SealedPartition } from './seal-store.ts'
import { sealMonth, sealTenant } from './tenant-seal.ts'

/** Seals what was counted of a month: one seal per tenant, in a chain with the tenant's last one. */
export function sealTally(
  partition: ArchivedPartition,
  shape: ArchivedShape,
  tally: Tally,
  lastSeals: ReadonlyMap<string, string>,
  tenantsKeyed: boolean,
): SealedPartition {
  const { table, lowUs, highUs } = partition
  const schemaHash = hashSchema(shape)
  const month = { table, lowUs, highUs, schemaHash }
  const tenants = tally.tenants.map(({ tenant, rows, root, chunks }) => ({
    ...sealTenant(month, { tenant, rows, root, previous: lastSeals.get(tenant) }),
    chunks,
  }))
  return {
    partition: partition.partition,
    lowUs,
    highUs,
    shape,
    schemaHash,
    tenantsKeyed,
    rows: tally.rows,
    seal: sealMonth(month, tenants),
    tenants: tenants.toSorted((a, b) => (a.tenant < b.tenant ? -1 : 1)),
  }
}
