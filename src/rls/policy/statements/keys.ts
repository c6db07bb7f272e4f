import { constraintExists } from '../constraint-exists.ts'
import type { TableDescription } from '../describe/schema-description.ts'
import type { ForeignKeyChange } from '../foreign-key-changes.ts'
import { guarded } from '../guarded.ts'
import { constraintDefinition, findTwin, type KeyChange } from '../key-changes.ts'
import { lockTables } from '../lock-tables.ts'
import { nameIdent } from '../name-ident.ts'
import { type PolicyStatement, policyStatement } from '../policy-statement.ts'
import { addForeignKey, dropForeignKey, type WithPartitions } from './foreign-keys.ts'

/**
 * A key that holds inside a tenant, in place of one that holds across tenants. What refers to the old one has to go before it,
 * and comes again with the tenant.
 *
 * @param referring foreign keys to the old one
 */
export function scopedKey(
  change: KeyChange,
  withPartitions: WithPartitions,
  referring: readonly ForeignKeyChange[],
): PolicyStatement {
  const { table, tenant, old } = change
  const tables = [table, ...referring.map((foreign) => foreign.table)].flatMap(withPartitions)
  const purposes = [
    `${old.name} holds inside ${tenant.name}: across tenants, it tells one what another has, and ON CONFLICT reaches it.`,
    ...(referring.length > 0
      ? [
          'Foreign keys are checked without policies: those to it accept, and act on, rows of their own tenant only.',
        ]
      : []),
  ]
  return policyStatement(
    { object: table.object, purpose: purposes.join(' '), locks: lockTables('ACCESS EXCLUSIVE', ...tables) },
    ...referring.flatMap((foreign) => dropForeignKey(foreign, withPartitions).parts),
    ...leftovers(change, withPartitions(table).slice(1)),
    ...(old.kind === 'index' ? replaceIndex(change) : [replaceConstraint(change)]),
    ...referring.flatMap(addForeignKey),
  )
}

/** Drops what a rollout that was not ended has left: an index that is not whole, and those that a partitioned table would have taken in. */
function leftovers(change: KeyChange, partitions: readonly TableDescription[]): readonly string[] {
  const { table, old, body, twin } = change
  const own = twin && !twin.valid ? [{ part: table, index: twin }] : []
  const ofPartitions = partitions.flatMap((part) => {
    const index = findTwin(part, old, body)
    return index?.kind === 'index' && !index.inherited ? [{ part, index }] : []
  })
  return [...own, ...ofPartitions].map(
    ({ part, index }) => `drop index if exists ${part.schemaIdent}.${index.ident};`,
  )
}

/** The change of a constraint for one over an index that is there, without reading the table. */
export function swapConstraint(change: KeyChange): string {
  const { old, index, constraint } = change
  return guardedSwap(
    change,
    `,\n      add constraint ${nameIdent(constraint)} ${old.kind} using index ${nameIdent(index)}${old.timing}`,
  )
}

function replaceConstraint(change: KeyChange): string {
  const { table, old, constraint, twin } = change
  const isReady = twin?.valid === true
  // ALTER TABLE / ADD CONSTRAINT USING INDEX is not supported on partitioned tables.
  if (isReady && twin.kind === 'index' && !table.partitioned) return swapConstraint(change)
  if (isReady && old.kind === 'unique') return guardedSwap(change, '')
  return guardedSwap(
    change,
    `,\n      add constraint ${nameIdent(constraint)} ${constraintDefinition(change)}`,
  )
}

function guardedSwap(change: KeyChange, addition: string): string {
  const { table, old, constraint } = change
  const swap = `alter table ${table.ident} drop constraint ${old.ident}${addition};`
  return guarded(oldConstraintExists(change), swap, ...keepIdentity(change, constraint))
}

function replaceIndex(change: KeyChange): readonly string[] {
  const { table, old, index, body } = change
  return [
    `create unique index if not exists ${nameIdent(index)} on ${table.ident} using ${old.method} (${body};`,
    ...keepIdentity(change, index),
    `drop index if exists ${table.schemaIdent}.${old.ident};`,
  ]
}

/** Logical replication names rows by the new key where it did by the old one. */
export function keepIdentity({ table, old }: KeyChange, index: string): readonly string[] {
  return old.replicaIdentity
    ? [`alter table ${table.ident} replica identity using index ${nameIdent(index)};`]
    : []
}

/** A primary key keeps its name, so that the old one is told by its columns. */
function oldConstraintExists({ table, old }: KeyChange): string {
  return constraintExists(table, old.name, old.kind === 'primary key' ? old.definition : null)
}
