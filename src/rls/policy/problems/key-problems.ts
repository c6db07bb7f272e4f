import type { SchemaDescription } from '../describe/schema-description.ts'
import { type ForeignKeyChange, keepsTenant, type tenantColumns } from '../foreign-key-changes.ts'
import { constraintDefinition, type KeyChange } from '../key-changes.ts'
import type { PolicyProblem } from '../schema-refused-error.ts'

/** Keys into which the tenant cannot be set without the owner's word. */
export function keyProblems(changes: readonly KeyChange[]): readonly PolicyProblem[] {
  return changes.flatMap((change) => {
    const { table, old, tenant } = change
    const object = table.object
    if (old.kind === 'exclude' && !old.takesTenant) {
      const message = `${old.name} excludes rows across tenants, and ${old.method} cannot compare ${tenant.name}.`
      return [{ object, message, fix: 'create extension btree_gist; then run this again.' }]
    }
    const isLegible = old.kind === 'index' ? change.body !== null : constraintDefinition(change) !== undefined
    if (isLegible) return []
    const message = `${old.name} holds across tenants, and its definition could not be read.`
    return [{ object, message, fix: `Replace it by one that begins with ${tenant.name}.` }]
  })
}

/** Foreign keys that cannot take the tenant in, and keys that others refer to without it. */
export function foreignKeyProblems(
  schema: SchemaDescription,
  keys: readonly KeyChange[],
  changes: readonly ForeignKeyChange[],
  tenants: ReturnType<typeof tenantColumns>,
): readonly PolicyProblem[] {
  return [
    ...changes.flatMap((change) => {
      const reason = refusal(change) ?? missingKey(change, keys)
      return reason ? [{ object: change.table.object, ...reason }] : []
    }),
    ...strangers(schema, keys, changes, tenants),
  ]
}

function refusal({ tenant, referencedTenant, old }: ForeignKeyChange) {
  const drop = `Drop it, or replace it by one that pairs ${tenant.name} with ${referencedTenant.name}.`
  if (old.columns.includes(tenant.name) || old.referencedColumns.includes(referencedTenant.name)) {
    return { message: `The foreign key ${old.name} refers to a row of another tenant's.`, fix: drop }
  }
  if (old.matchFull && old.columns.length > 1) {
    return { message: `The foreign key ${old.name} is MATCH FULL, which the tenant would change.`, fix: drop }
  }
  if (old.onUpdate.startsWith('set')) {
    return {
      message: `The foreign key ${old.name} says ON UPDATE SET, which would unset the tenant.`,
      fix: drop,
    }
  }
  if (old.temporal) return { message: `The foreign key ${old.name} is one over time.`, fix: drop }
  return undefined
}

/** Whether the other table has, or will have, a key over the columns that are referred to and the tenant. */
function missingKey({ references, referencedTenant, old }: ForeignKeyChange, keys: readonly KeyChange[]) {
  const wanted = new Set([referencedTenant.name, ...old.referencedColumns])
  const isWanted = (columns: readonly (string | null)[]) =>
    columns.length === wanted.size && columns.every((column) => column !== null && wanted.has(column))
  const has = references.keys.some((key) => key.unique && key.valid && isWanted(key.columns))
  const willHave = keys.some(
    ({ table, tenant, old: key }) => table === references && isWanted([tenant.name, ...key.columns]),
  )
  if (has || willHave) return undefined
  return {
    message: `The foreign key ${old.name} refers to ${references.object}, whose key is without the tenant.`,
    fix: `Generate ${references.object} along with it.`,
  }
}

/** Foreign keys of tables that are left as they are, to keys that are to go. */
function strangers(
  schema: SchemaDescription,
  keys: readonly KeyChange[],
  changes: readonly ForeignKeyChange[],
  tenants: ReturnType<typeof tenantColumns>,
): PolicyProblem[] {
  const changed = new Set(changes.map(({ old }) => old))
  return keys.flatMap(({ table, old: key }) =>
    schema.tables.flatMap((other) =>
      other.foreignKeys
        .filter((foreign) => foreign.references === table.object && !changed.has(foreign))
        .filter(({ referencedColumns }) => referencedColumns.every((name) => key.columns.includes(name)))
        .filter((foreign) => {
          const tenant = tenants.get(other.object)?.tenant.name
          const referenced = tenants.get(table.object)?.tenant.name
          return !tenant || !referenced || !keepsTenant(foreign, tenant, referenced)
        })
        .map(({ name }) => ({
          object: other.object,
          message: `Its foreign key ${name} refers to the key ${key.name} of ${table.object}, which is without the tenant.`,
          fix: `Generate ${other.object} along with it, or drop the foreign key.`,
        })),
    ),
  )
}
