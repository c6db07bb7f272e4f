import { quoteName, quoteText } from '../../../rls/sql/quote.ts'
import { type Month, monthText } from '../../months/month.ts'
import { monthBound } from '../../months/month-bound.ts'
import type { PartitionStep } from '../../plan/step.ts'
import { type Conversion, primaryKeyOf, qualify, referencedTables } from '../conversion.ts'
import { comments } from '../dress/comments.ts'
import { dress, replicaIdentity } from '../dress/dress.ts'
import { harden, undress } from '../dress/harden.ts'
import { leavePublications } from '../dress/publications.ts'
import { guardStatement } from '../guard.ts'
import type { LedgerNotes } from '../ledger-notes.ts'
import { markerText } from '../marker.ts'
import type { TableShape } from '../shape/table-shape.ts'
import { makeMonth } from './make-month.ts'
import { makeKeys, makeParent, makeStatistics, moveIdentity } from './make-parent.ts'

/** What the swap has to know. */
export interface SwapFacts {
  readonly month: Month
  /** The digest of what it carries over, as it was planned. */
  readonly planned: string
  readonly ledger: LedgerNotes
  /** The columns of the new key in SQL, where it is a new one. */
  readonly newKey: string | undefined
}

/**
 * The transaction that makes the table a partition, and puts a partitioned one in its place. Who reads or writes the table meanwhile
 * waits, then finds the new one by its name. Foreign keys lock the tables that they refer to, because ATTACH gives up the old
 * table's own triggers there.
 */
export function swap(conversion: Conversion, shape: TableShape, facts: SwapFacts): PartitionStep {
  const { ident, legacyIdent, legacyName, set, table, indexName, checkName } = conversion
  const primary = primaryKeyOf(shape)
  const others = referencedTables(shape)
  const inParts = (name: string) => qualify(set.partsSchema, name)
  const newPrimary = facts.newKey === undefined ? undefined : `primary key ${facts.newKey}`
  const key = primary && newPrimary ? quoteName(primary.name) : undefined
  return conversion.brief('convert', 'swap', {
    partition: legacyName,
    purpose: `${conversion.object} becomes a partitioned table; all its rows are in its first partition, which ends where ${monthText(facts.month)} begins.`,
    locks: [
      conversion.lock('ACCESS EXCLUSIVE'),
      ...others.map(({ object }) => conversion.lock('ACCESS EXCLUSIVE', object)),
    ],
    statements: [
      ...[ident, ...others.map((other) => other.ident)].map(
        (each) => `lock table ${each} in access exclusive mode;`,
      ),
      guardStatement(ident, [checkName, indexName], facts.planned),
      ...leavePublications(ident, shape.publications),
      ...undress(ident, shape),
      ...shape.serials.map(({ sequence }) => `alter sequence ${sequence} owned by none;`),
      ...(key
        ? [
            `alter table ${ident} drop constraint ${key}, add constraint ${key} primary key using index ${quoteName(indexName)};`,
          ]
        : []),
      ...shape.statistics.map(
        ({ schema, name }) =>
          `alter statistics ${qualify(schema, name)} set schema ${quoteName(set.partsSchema)};`,
      ),
      `alter table ${ident} rename to ${quoteName(legacyName)};`,
      `alter table ${qualify(set.schema, legacyName)} set schema ${quoteName(set.partsSchema)};`,
      ...makeParent(conversion, shape),
      ...shape.identities.flatMap((identity) =>
        moveIdentity(identity, {
          from: legacyIdent,
          fromSequence: inParts(identity.sequenceName),
          to: ident,
          schema: set.schema,
        }),
      ),
      ...shape.serials.map(
        ({ sequence, column }) => `alter sequence ${sequence} owned by ${ident}.${quoteName(column)};`,
      ),
      ...makeKeys(ident, shape, newPrimary),
      ...makeStatistics(shape.statistics),
      `alter table ${ident} attach partition ${legacyIdent} for values from (minvalue) to (${monthBound(facts.month, table.keyType)});`,
      `alter table ${legacyIdent} drop constraint ${quoteName(checkName)};`,
      ...harden(legacyIdent, shape),
      ...(key && shape.replicaIndex === primary?.name ? replicaIdentity(legacyIdent, shape) : []),
      `comment on table ${legacyIdent} is ${quoteText(markerText(primary && newPrimary ? { primaryKey: primary.definition } : {}))};`,
      ...makeMonth(conversion, shape, facts.month),
      ...facts.ledger.attached({ name: legacyName, ident: legacyIdent }, undefined, facts.month),
      ...facts.ledger.month(facts.month),
      ...dress(ident, shape),
      ...replicaIdentity(ident, shape),
      ...comments(set.schema, ident, shape),
    ],
  })
}
