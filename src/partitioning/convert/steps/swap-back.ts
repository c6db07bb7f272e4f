import { quoteName, quoteText } from '../../../rls/sql/quote.ts'
import type { PartitionStep } from '../../plan/step.ts'
import { type Conversion, qualify, referencedTables } from '../conversion.ts'
import { comments } from '../dress/comments.ts'
import { dress, replicaIdentity } from '../dress/dress.ts'
import { guardStatement, holdsNoRow, raiseUnless } from '../guard.ts'
import type { LedgerNotes } from '../ledger-notes.ts'
import type { ConvertMarker } from '../marker.ts'
import type { TableShape } from '../shape/table-shape.ts'
import { makeStatistics, moveIdentity } from './make-parent.ts'

/** What the swap back has to know. */
export interface SwapBackFacts {
  /** The digest of the partitioned table as it was planned. */
  readonly planned: string
  readonly legacy: TableShape
  readonly ledger: LedgerNotes
  readonly marker: ConvertMarker
}

/**
 * The transaction that puts the old table back in its place, with everything that governs the partitioned one by now. It fails, and
 * changes nothing, where a row lies outside of the old table.
 */
export function swapBack(conversion: Conversion, shape: TableShape, facts: SwapBackFacts): PartitionStep {
  const { ident, legacyIdent, legacyName, set, table } = conversion
  const { legacy, planned } = facts
  const others = referencedTables(shape)
  const leaves = shape.leaves.filter(({ oid }) => oid !== legacy.oid)
  const kept = new Set(legacy.statistics.map(({ name }) => name))
  const locked = [conversion.object, conversion.legacyObject, ...leaves, ...others]
  return conversion.brief('unconvert', 'swap', {
    partition: legacyName,
    purpose: `${conversion.object} becomes again the plain table that it was; its other partitions hold no row, and go.`,
    locks: locked.map((each) => conversion.lock('ACCESS EXCLUSIVE', objectOf(each))),
    statements: [
      ...[ident, ...others.map((other) => other.ident)].map(
        (each) => `lock table ${each} in access exclusive mode;`,
      ),
      guardStatement(ident, [], planned),
      ...leaves.flatMap(refuseRows),
      `alter table ${ident} detach partition ${legacyIdent};`,
      ...shape.identities.flatMap((identity) =>
        moveIdentity(identity, {
          from: ident,
          fromSequence: identity.sequence,
          to: legacyIdent,
          schema: set.partsSchema,
        }),
      ),
      ...shape.serials.map(({ sequence }) => `alter sequence ${sequence} owned by none;`),
      ...takeOldKey(conversion, facts),
      `drop table ${ident};`,
      `alter table ${legacyIdent} set schema ${quoteName(set.schema)};`,
      `alter table ${qualify(set.schema, legacyName)} rename to ${quoteName(table.name)};`,
      ...shape.serials.map(
        ({ sequence, column }) => `alter sequence ${sequence} owned by ${ident}.${quoteName(column)};`,
      ),
      ...shape.statistics
        .filter(({ name }) => kept.has(name))
        .map(
          ({ schema, name }) =>
            `alter statistics ${qualify(set.partsSchema, name)} set schema ${quoteName(schema)};`,
        ),
      ...makeStatistics(shape.statistics.filter(({ name }) => !kept.has(name))),
      `comment on table ${ident} is ${shape.comment === null ? 'null' : quoteText(shape.comment)};`,
      ...dress(ident, shape),
      ...replicaIdentity(ident, shape),
      ...comments(set.schema, ident, withWhatIsThere(shape, legacy)),
      ...facts.ledger.nonePartitioned(),
    ],
  })
}

function objectOf(each: string | TableShape['leaves'][number] | { readonly object: string }): string {
  if (typeof each === 'string') return each
  return 'object' in each ? each.object : `${each.schema}.${each.name}`
}

/** Its owner has to see whether a partition is empty, and row security that is forced would hide that. */
function refuseRows({ schema, name }: TableShape['leaves'][number]): readonly string[] {
  return [
    `alter table ${qualify(schema, name)} no force row level security;`,
    raiseUnless(
      holdsNoRow(schema, name),
      `${schema}.${name} holds rows, which the old table would lack: the conversion can no longer be taken back`,
    ),
  ]
}

function takeOldKey(
  { legacyIdent, indexName }: Conversion,
  { legacy, marker }: SwapBackFacts,
): readonly string[] {
  const key = legacy.constraints.find(({ kind }) => kind === 'p')
  if (!marker.primaryKey || !key) return []
  const name = quoteName(key.name)
  return [
    `alter table ${legacyIdent} drop constraint ${name}, add constraint ${name} primary key using index ${quoteName(indexName)};`,
  ]
}

/** Constraints and indexes that were made since have names of PostgreSQL's choice on a partition. */
function withWhatIsThere(shape: TableShape, legacy: TableShape): TableShape {
  const constraints = new Set(legacy.constraints.map(({ name }) => name))
  const indexes = new Set(legacy.indexes.map(({ name }) => name))
  return {
    ...shape,
    constraints: shape.constraints.filter(({ name }) => constraints.has(name)),
    indexes: shape.indexes.filter(({ name }) => indexes.has(name)),
  }
}
