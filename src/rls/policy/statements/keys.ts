import { quoteText } from '../../sql/quote.ts'
import { constraintExists } from '../constraint-exists.ts'
import type { TableDescription } from '../describe/schema-description.ts'
import type { ForeignKeyChange } from '../foreign-key-changes.ts'
import { guarded } from '../guarded.ts'
import { constraintDefinition, findTwin, type KeyChange } from '../key-changes.ts'
import { lockTables } from '../lock-tables.ts'
import { nameIdent } from '../name-ident.ts'
import { type PolicyStatement, policyStatement } from '../policy-statement.ts'
import { addNew, dropOld, moveForeignKey, type WithPartitions } from './foreign-keys.ts'

/**
 * A key that holds inside a tenant, in place of one that holds across tenants. What refers to the old one refers to the new one
 * before the old one goes, in one statement each: the old key cannot be dropped while something refers to it, so that a foreign
 * key that was forgotten stops the migration.
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
    guarded(
      oldKeyExists(change),
      ...leftovers(change, withPartitions(table).slice(1)),
      ...(old.kind === 'index' ? replaceIndex(change, referring) : replaceConstraint(change, referring)),
    ),
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
  return guarded(oldKeyExists(change), ...swap(change, overIndex(change)))
}

function replaceConstraint(change: KeyChange, referring: readonly ForeignKeyChange[]): readonly string[] {
  const { table, old, constraint, body, twin } = change
  const moved = referring.map(moveForeignKey)
  const isReady = twin?.valid === true
  if (isReady && old.kind === 'unique' && (twin.kind !== 'index' || table.partitioned)) {
    return [...moved, ...swap(change)]
  }
  const added = `add constraint ${nameIdent(constraint)} ${constraintDefinition(change)}`
  // ALTER TABLE / ADD CONSTRAINT USING INDEX is not supported on partitioned tables.
  const canTakeIndex = body !== null && !table.partitioned
  if (canTakeIndex && (isReady || referring.length > 0)) {
    return [...(isReady ? [] : [createIndex(change)]), ...moved, ...swap(change, overIndex(change))]
  }
  if (referring.length === 0) return swap(change, added)
  if (old.kind === 'unique') return [`alter table ${table.ident} ${added};`, ...moved, ...swap(change)]
  // There can be but one primary key, and nothing else for the foreign keys to refer to in between.
  return [...referring.map(dropOld), ...swap(change, added), ...referring.flatMap(addNew)]
}

function overIndex({ old, index, constraint }: KeyChange): string {
  return `add constraint ${nameIdent(constraint)} ${old.kind} using index ${nameIdent(index)}${old.timing}`
}

function swap(change: KeyChange, addition?: string): readonly string[] {
  const { table, old, constraint } = change
  const added = addition === undefined ? '' : `,\n      ${addition}`
  return [
    `alter table ${table.ident} drop constraint ${old.ident}${added};`,
    ...keepIdentity(change, constraint),
  ]
}

function replaceIndex(change: KeyChange, referring: readonly ForeignKeyChange[]): readonly string[] {
  const { table, old, index, twin } = change
  return [
    ...(twin?.valid ? [] : [createIndex(change)]),
    ...referring.map(moveForeignKey),
    ...keepIdentity(change, index),
    `drop index ${table.schemaIdent}.${old.ident};`,
  ]
}

function createIndex({ table, old, index, body }: KeyChange): string {
  return `create unique index ${nameIdent(index)} on ${table.ident} using ${old.method} (${body};`
}

/** Logical replication names rows by the new key where it did by the old one. */
export function keepIdentity({ table, old }: KeyChange, index: string): readonly string[] {
  return old.replicaIdentity
    ? [`alter table ${table.ident} replica identity using index ${nameIdent(index)};`]
    : []
}

/** A primary key keeps its name, so that the old one is told by its columns. */
function oldKeyExists({ table, old }: KeyChange): string {
  if (old.kind === 'index') {
    return `pg_catalog.to_regclass(${quoteText(`${table.schemaIdent}.${old.ident}`)}) is not null`
  }
  return constraintExists(table, old.name, old.kind === 'primary key' ? old.definition : null)
}
