import { type DerivedNames, withTenant } from '../../policy/derived-name.ts'
import type { TableDescription } from '../../policy/describe/schema-description.ts'
import { findTwin, type KeyChange } from '../../policy/key-changes.ts'

/**
 * What a key of a partitioned table becomes on each partition that holds rows: the index of the parent takes in those that
 * are there, and builds none.
 */
export function leafKeys(
  change: KeyChange,
  partitions: readonly TableDescription[],
  names: DerivedNames,
): readonly KeyChange[] {
  return partitions
    .filter(({ partitioned }) => !partitioned)
    .map((table) => {
      const { old: parent, body, tenant } = change
      const own = table.keys.find(
        ({ inherited, kind, indexBody }) =>
          inherited && kind === parent.kind && indexBody === parent.indexBody,
      )
      const old = own ?? { ...parent, name: `${table.name}_${parent.name}` }
      const twin = findTwin(table, old, body)
      const index = twin?.name ?? names.claim(table.schema, withTenant(old.name, table.name, tenant.name))
      return {
        table,
        tenant,
        old,
        index,
        constraint: old.kind === 'primary key' ? old.name : index,
        body,
        twin,
      }
    })
}
