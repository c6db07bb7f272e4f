import type { TenantTable } from './choose-tables.ts'
import { type DerivedNames, withTenant } from './derived-name.ts'
import type { ColumnDescription, KeyDescription, TableDescription } from './describe/schema-description.ts'

/** A key that holds across tenants, and the one that takes its place. */
export interface KeyChange {
  /** The table or partition that it is on. */
  readonly table: TableDescription
  readonly tenant: ColumnDescription
  readonly old: KeyDescription
  /** Name of the index that takes the tenant in; a constraint made of it is called {@link constraint}. */
  readonly index: string
  readonly constraint: string
  /** What follows `(` in the definition of that index; null where a constraint that excludes has none of its own. */
  readonly body: string | null
  /** An index with that definition that is there already, also one that was left invalid. */
  readonly twin: KeyDescription | undefined
}

/** The keys of a table, and those that only a partition of it has, in which the tenant is not. */
export function keyChanges(
  { table, tenant, partitions }: TenantTable,
  names: DerivedNames,
): readonly KeyChange[] {
  return [table, ...partitions].flatMap((part) =>
    part.keys
      .filter((key) => key.valid && !key.inherited && !key.columns.includes(tenant.name))
      .map((old) => keyChange(part, tenant, old, names)),
  )
}

function keyChange(
  table: TableDescription,
  tenant: ColumnDescription,
  old: KeyDescription,
  names: DerivedNames,
): KeyChange {
  const body = old.indexBody === null || old.kind === 'exclude' ? null : `${tenant.ident}, ${old.indexBody}`
  const twin = findTwin(table, old, body)
  const index = twin?.name ?? names.claim(table.schema, withTenant(old.name, table.name, tenant.name))
  // A primary key keeps its name: there is but one.
  const constraint = old.kind === 'primary key' ? old.name : index
  return { table, tenant, old, index, constraint, body, twin }
}

/** A primary key needs an index that belongs to no other constraint. */
export function findTwin(
  table: TableDescription,
  old: KeyDescription,
  body: string | null,
): KeyDescription | undefined {
  return table.keys.find(
    ({ unique, method, indexBody, kind }) =>
      unique &&
      body !== null &&
      indexBody === body &&
      method === old.method &&
      (old.kind !== 'primary key' || kind === 'index'),
  )
}

/**
 * The definition of the constraint with the tenant in front, such as `unique (tenant_id, chart_number)`.
 *
 * @returns undefined for an index without a constraint
 */
export function constraintDefinition({ tenant, old }: KeyChange): string | undefined {
  if (old.definition === null) return undefined
  const isExclusion = old.kind === 'exclude'
  const head = isExclusion ? `EXCLUDE USING ${old.method} (` : /^[A-Z ]+\(/.exec(old.definition)?.[0]
  if (head === undefined || !old.definition.startsWith(head)) return undefined
  const begin = isExclusion
    ? `exclude using ${old.method} (${tenant.ident} with =`
    : head.toLowerCase() + tenant.ident
  return `${begin}, ${old.definition.slice(head.length)}`
}
