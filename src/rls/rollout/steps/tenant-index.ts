import type { TenantTable } from '../../policy/choose-tables.ts'
import type { DerivedNames } from '../../policy/derived-name.ts'
import type { KeyChange } from '../../policy/key-changes.ts'
import { lockTables } from '../../policy/lock-tables.ts'
import { missingIndex, tenantIndex } from '../../policy/statements/tenant-index.ts'
import { briefStep, type RolloutStep } from '../rollout-step.ts'
import { buildIndex } from './build-index.ts'

/** The index on the tenant; that of a partitioned table takes in those of its partitions. */
export function tenantIndexSteps(
  target: TenantTable,
  keys: readonly KeyChange[],
  names: DerivedNames,
): readonly RolloutStep[] {
  const { table, tenant, partitions } = target
  const index = missingIndex(target, keys, names)
  if (!index) return []
  const whole = tenantIndex(target, index)
  const build = ({ name, leftover }: typeof index, of = table): readonly RolloutStep[] =>
    buildIndex({
      table: of,
      name,
      kind: 'index',
      definition: `(${tenant.ident})`,
      purpose: whole.purpose,
      twin: leftover,
    })
  if (!table.partitioned) return build(index)
  const leaves = partitions
    .filter(({ partitioned }) => !partitioned)
    .flatMap((leaf) => {
      const own = missingIndex({ ...target, table: leaf, partitions: [] }, [], names)
      return own ? build(own, leaf) : []
    })
  return [
    ...leaves,
    ...briefStep('prepare', [{ ...whole, locks: lockTables('SHARE', table, ...partitions) }]),
  ]
}
