import type { KeyDescription, TableDescription } from '../../policy/describe/schema-description.ts'
import { lockTables } from '../../policy/lock-tables.ts'
import { nameIdent } from '../../policy/name-ident.ts'
import { policyStatement } from '../../policy/policy-statement.ts'
import { longStep, type RolloutStep } from '../rollout-step.ts'

/** An index that is to be there. */
export interface WantedIndex {
  readonly table: TableDescription
  readonly name: string
  /** `index` or `unique index`. */
  readonly kind: string
  /** What follows the name of the table, such as `using btree (tenant_id, id)`. */
  readonly definition: string
  readonly purpose: string
  /** One like it that is there already, also one that was left invalid. */
  readonly twin: KeyDescription | undefined
}

/**
 * Builds an index while its table is read and written. One that a killed or failed attempt has left invalid goes first.
 *
 * @see https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
 */
export function buildIndex(wanted: WantedIndex): readonly RolloutStep[] {
  const { table, name, kind, definition, purpose, twin } = wanted
  if (twin?.valid) return []
  const { object } = table
  const ident = nameIdent(name)
  const locks = lockTables('SHARE UPDATE EXCLUSIVE', table)
  const drop = `drop index concurrently if exists ${table.schemaIdent}.${ident};`
  const create = `create ${kind} concurrently if not exists ${ident} on ${table.ident} ${definition};`
  const begun = policyStatement(
    { object, purpose: `${name} was begun and never came to its end.`, locks },
    drop,
  )
  const build = policyStatement({ object, purpose, locks }, create)
  return [...(twin ? [longStep('prepare', begun)] : []), longStep('prepare', build, drop)]
}
