import type { TenantTable } from '../choose-tables.ts'
import type { DerivedNames } from '../derived-name.ts'
import type { KeyDescription } from '../describe/schema-description.ts'
import type { KeyChange } from '../key-changes.ts'
import { lockTables } from '../lock-tables.ts'
import { nameIdent } from '../name-ident.ts'
import { type PolicyStatement, policyStatement } from '../policy-statement.ts'

/** An index on the tenant alone that is to be made. */
export interface MissingIndex {
  readonly name: string
  /** One that was begun and is invalid. */
  readonly leftover: KeyDescription | undefined
}

/** The index that a table lacks where no key that it has, or will have, leads with the tenant. */
export function missingIndex(
  { table, tenant }: TenantTable,
  changes: readonly KeyChange[],
  names: DerivedNames,
): MissingIndex | undefined {
  const willLead = changes.some(
    (change) => change.table === table && change.old.method === 'btree' && !change.old.partial,
  )
  if (table.tenantIndexed || willLead) return undefined
  const leftover = table.keys.find(
    ({ valid, unique, columns }) => !valid && !unique && columns.length === 1 && columns[0] === tenant.name,
  )
  return { name: leftover?.name ?? names.claim(table.schema, `${table.name}_${tenant.name}_idx`), leftover }
}

/** An index by which a tenant's rows are found without reading those of all. */
export function tenantIndex(target: TenantTable, { name, leftover }: MissingIndex): PolicyStatement {
  const { table, tenant, partitions } = target
  const ident = nameIdent(name)
  return policyStatement(
    {
      object: table.object,
      purpose: 'Every statement looks for the rows of one tenant, and no key begins with it.',
      locks: lockTables('SHARE', table, ...partitions),
    },
    ...(leftover ? [`drop index if exists ${table.schemaIdent}.${ident};`] : []),
    `create index if not exists ${ident} on ${table.ident} (${tenant.ident});`,
  )
}
