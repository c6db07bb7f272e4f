import type { CatalogClient } from '../../rls/catalog/catalog-client.ts'
import type { Conversion } from '../convert/conversion.ts'
import type { Finding } from '../convert/preflight/refusal.ts'
import type { LeafShape } from '../convert/shape/table-shape.ts'
import type { Ranges } from './choose-ranges.ts'

/** Names of partitions that something else bears already. */
export async function takenNames(
  client: CatalogClient,
  conversion: Conversion,
  leaf: LeafShape,
  { main, strays, empty }: Ranges,
): Promise<readonly Finding[]> {
  const months = [...(main ? [main.low] : []), ...strays, ...empty]
  const names = months.map((month) => conversion.partition(month).name)
  const { rows } = await client.query(
    `select class.relname as name from pg_catalog.pg_class as class join pg_catalog.pg_namespace as space on space.oid = class.relnamespace
     where space.nspname = $1 and class.relname = any ($2::text[]) and class.oid <> $3::oid order by 1`,
    [conversion.set.partsSchema, names, leaf.oid],
  )
  return (rows as readonly { readonly name: string }[]).map(({ name }) => ({
    reason: 'name-taken',
    message: `${conversion.set.partsSchema}.${name} is there already, and not attached to ${conversion.object} as the partition of that month.`,
    fix: `Attach it, rename it, or drop it if it is empty: ${conversion.set.partsSchema}.${name}.`,
  }))
}
