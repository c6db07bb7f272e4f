import type { TenantTable } from './choose-tables.ts'
import { type DerivedNames, withTenant } from './derived-name.ts'
import type {
  ColumnDescription,
  ForeignKeyDescription,
  SchemaDescription,
  TableDescription,
} from './describe/schema-description.ts'
import type { KeyChange } from './key-changes.ts'
import type { PolicyOptions } from './policy-options.ts'

/** A foreign key that reaches across tenants, and the one that takes its place. */
export interface ForeignKeyChange {
  readonly table: TableDescription
  readonly tenant: ColumnDescription
  readonly old: ForeignKeyDescription
  readonly references: TableDescription
  readonly referencedTenant: ColumnDescription
  readonly name: string
  /** One with the same columns that is there already, also one that has not been validated. */
  readonly twin: ForeignKeyDescription | undefined
}

/** The tenant column of every table of the database whose rows belong to tenants, by `schema.name`. */
export function tenantColumns(
  { tables }: SchemaDescription,
  { shared = [], internal = [] }: PolicyOptions,
): ReadonlyMap<string, { readonly table: TableDescription; readonly tenant: ColumnDescription }> {
  return new Map(
    tables.flatMap((table) => {
      const tenant = table.columns.find(({ name }) => name === table.tenant)
      const isDeclared = shared.includes(table.object) || internal.includes(table.object)
      return tenant && !isDeclared ? [[table.object, { table, tenant }] as const] : []
    }),
  )
}

/** Whether a foreign key holds the two rows to one tenant. */
export function keepsTenant(key: ForeignKeyDescription, tenant: string, referencedTenant: string): boolean {
  return key.columns.some((column, at) => column === tenant && key.referencedColumns[at] === referencedTenant)
}

/** The foreign keys of a table, and those that only a partition of it has, to tables of tenants without the tenant. */
export function foreignKeyChanges(
  { table, tenant, partitions }: TenantTable,
  tenants: ReturnType<typeof tenantColumns>,
  names: DerivedNames,
): readonly ForeignKeyChange[] {
  return [table, ...partitions].flatMap((part) =>
    part.foreignKeys.flatMap((old) => {
      const other = tenants.get(old.references)
      if (!other || keepsTenant(old, tenant.name, other.tenant.name)) return []
      return [foreignKeyChange(part, tenant, old, other, names)]
    }),
  )
}

function foreignKeyChange(
  table: TableDescription,
  tenant: ColumnDescription,
  old: ForeignKeyDescription,
  other: { readonly table: TableDescription; readonly tenant: ColumnDescription },
  names: DerivedNames,
): ForeignKeyChange {
  const columns = [tenant.name, ...old.columns]
  const referenced = [other.tenant.name, ...old.referencedColumns]
  const twin = table.foreignKeys.find(
    (key) =>
      key.references === old.references &&
      sameNames(key.columns, columns) &&
      sameNames(key.referencedColumns, referenced),
  )
  const taken = table.foreignKeys.map(({ name }) => name)
  const name = twin?.name ?? names.claim(table.schema, withTenant(old.name, table.name, tenant.name), taken)
  return { table, tenant, old, references: other.table, referencedTenant: other.tenant, name, twin }
}

/** Whether a key is the one that a foreign key refers to. */
export function refersTo({ references, old }: ForeignKeyChange, { table, old: key }: KeyChange): boolean {
  return (
    references === table &&
    key.columns.length === old.referencedColumns.length &&
    old.referencedColumns.every((name) => key.columns.includes(name))
  )
}

function sameNames(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((name, at) => name === others[at])
}

/** The definition of the foreign key with the tenant in front. */
export function foreignKeyDefinition(change: ForeignKeyChange): string {
  const { table, tenant, old, references, referencedTenant } = change
  const identOf = (of: TableDescription, name: string) =>
    of.columns.find((column) => column.name === name)?.ident ?? ''
  const columns = old.columns.map((name) => identOf(table, name))
  const referenced = old.referencedColumns.map((name) => identOf(references, name))
  // The tenant is not to be changed along: ON DELETE SET NULL would otherwise leave a row of nobody's.
  const changed =
    old.onDeleteColumns.length > 0 ? old.onDeleteColumns.map((name) => identOf(table, name)) : columns
  const onDelete = old.onDelete.startsWith('set') ? `${old.onDelete} (${changed.join(', ')})` : old.onDelete
  return (
    [
      `foreign key (${[tenant.ident, ...columns].join(', ')})`,
      `references ${references.ident} (${[referencedTenant.ident, ...referenced].join(', ')})`,
      ...(old.onUpdate === 'no action' ? [] : [`on update ${old.onUpdate}`]),
      ...(old.onDelete === 'no action' ? [] : [`on delete ${onDelete}`]),
    ].join(' ') + old.timing
  )
}
