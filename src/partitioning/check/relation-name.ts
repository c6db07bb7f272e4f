import { quoteName } from '../../rls/sql/quote.ts'
import type { RelationState } from '../catalog/partition-catalog.ts'
import type { PartitionSet } from '../definition/partition-options.ts'

type Named = Pick<RelationState, 'schema' | 'name'>

/** `schema.name`, unquoted, as findings name it. */
export function objectOf({ schema, name }: Named): string {
  return `${schema}.${name}`
}

/** The same for SQL. */
export function identOf({ schema, name }: Named): string {
  return `${quoteName(schema)}.${quoteName(name)}`
}

/** The partitioned table of a definition, as a relation. */
export function parentOf({ schema }: Pick<PartitionSet, 'schema'>, table: { readonly name: string }): Named {
  return { schema, name: table.name }
}

/** A role for SQL; '' stands for PUBLIC. */
export function roleIdent(role: string): string {
  return role === '' ? 'public' : quoteName(role)
}

/** A role for people. */
export function roleName(role: string): string {
  return role === '' ? 'PUBLIC' : quoteName(role)
}
