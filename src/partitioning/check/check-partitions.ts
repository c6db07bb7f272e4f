import type { Finding } from '../../rls/finding.ts'
import type { PartitionCatalog } from '../catalog/partition-catalog.ts'
import type { PartitionSet } from '../definition/partition-options.ts'
import { PARTITION_RULES } from './rules/index.ts'

/**
 * Holds every invariant of partitions against what the catalog says. Pure.
 *
 * @returns one finding for each rule and object, in the order of the rules; none where all hold
 */
export function checkPartitions(set: PartitionSet, catalog: PartitionCatalog): readonly Finding[] {
  return PARTITION_RULES.flatMap((rule) =>
    rule.find({ set, catalog }).map((found) => ({
      ...found,
      rule: rule.id,
      severity: found.severity ?? rule.severity,
    })),
  )
}
