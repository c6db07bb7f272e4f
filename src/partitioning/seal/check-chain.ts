import { rootOfChunks } from './merkle-tree.ts'
import type { SealedPartition } from './seal-store.ts'
import { sealMonth, sealTenant } from './tenant-seal.ts'

/**
 * - `seal`: a tenant's seal is not that of its root, its month and the seal before
 * - `chain`: it does not go on from the tenant's seal before, so that one was taken out, put in, or made again
 * - `chunks`: the nodes by which changes are found are not those of the root
 * - `month`: the seal over all tenants is not that of their seals, so that a tenant was taken out or put in
 */
export type ChainBreak = 'seal' | 'chain' | 'chunks' | 'month'

/** Where sealed months do not hold together. Holds no value of a row. */
export interface ChainFinding {
  readonly kind: ChainBreak
  readonly partition: string
  /** The hash of the tenant's id; nothing for what is of the month as a whole. */
  readonly tenant: string | undefined
}

/**
 * Checks the seals of a table by themselves, without its rows.
 *
 * @param months in the order in which they were sealed
 */
export function checkChain(table: string, months: Iterable<SealedPartition>): ChainFinding[] {
  const findings: ChainFinding[] = []
  const last = new Map<string, string>()
  for (const { partition, lowUs, highUs, schemaHash, tenants, seal } of months) {
    const month = { table, lowUs, highUs, schemaHash }
    for (const one of tenants) {
      const found = (kind: ChainBreak) => findings.push({ kind, partition, tenant: one.tenant })
      if (sealTenant(month, one).seal !== one.seal) found('seal')
      if (one.previous !== last.get(one.tenant)) found('chain')
      if (rootOfChunks(one.chunks).toString('hex') !== one.root) found('chunks')
      last.set(one.tenant, one.seal)
    }
    if (sealMonth(month, tenants) !== seal) findings.push({ kind: 'month', partition, tenant: undefined })
  }
  return findings
}
