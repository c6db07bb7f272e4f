import type { ColumnDescription, SchemaDescription, TableDescription } from './describe/schema-description.ts'
import type { PolicyOptions } from './policy-options.ts'

/** A table whose rows belong to tenants. */
export interface TenantTable {
  readonly table: TableDescription
  readonly tenant: ColumnDescription
  /** Its partitions, at every level. */
  readonly partitions: readonly TableDescription[]
  /** Whether a row is a tenant, and not something of a tenant's: its key is the tenant, and refers to no other table. */
  readonly isTenant: boolean
}

/** What the generator is to make right, and what it leaves out. */
export interface ChosenTables {
  readonly tenants: readonly TenantTable[]
  readonly shared: readonly TableDescription[]
  readonly internal: readonly TableDescription[]
  /** Tables that are none of these. */
  readonly undeclared: readonly TableDescription[]
}

/** Sorts the tables that the options are about. */
export function chooseTables(schema: SchemaDescription, options: PolicyOptions): ChosenTables {
  const { shared = [], internal = [] } = options
  const chosen = schema.tables.filter(({ root }) => root === null).filter(isChosen(options))
  const isDeclared = ({ object }: TableDescription) => shared.includes(object) || internal.includes(object)
  return {
    tenants: chosen
      .filter((table) => !isDeclared(table))
      .flatMap((table) => tenantTable(table, partitionsOf(schema, table))),
    shared: chosen.filter(({ object }) => shared.includes(object)),
    internal: chosen.filter(({ object }) => internal.includes(object) && !shared.includes(object)),
    undeclared: chosen.filter((table) => !isDeclared(table) && table.tenant === null),
  }
}

/** The partitions of a table, at every level below it. */
export function partitionsOf(
  { tables }: SchemaDescription,
  { object }: TableDescription,
): readonly TableDescription[] {
  return tables.filter(({ root }) => root === object)
}

/** The schemas that the options are about, where they name no tables. */
export function chosenSchemas({ schemas, tables = [] }: PolicyOptions): readonly string[] {
  return schemas ?? (tables.length > 0 ? [] : ['public'])
}

function isChosen(options: PolicyOptions): (table: TableDescription) => boolean {
  const schemas = chosenSchemas(options)
  const named = options.tables ?? []
  return ({ schema, object }) => schemas.includes(schema) || named.includes(object)
}

function tenantTable(table: TableDescription, partitions: readonly TableDescription[]): TenantTable[] {
  const tenant = table.columns.find(({ name }) => name === table.tenant)
  if (!tenant) return []
  const isKey = table.keys.some(({ columns }) => columns.length === 1 && columns[0] === tenant.name)
  const refers = table.foreignKeys.some(({ columns }) => columns.includes(tenant.name))
  return [{ table, tenant, partitions, isTenant: isKey && !refers }]
}
