import { quoteName } from '../../../rls/sql/quote.ts'
import type { RelationState } from '../../catalog/partition-catalog.ts'
import { identOf, objectOf } from '../../check/relation-name.ts'
import type { PartitionStep, Phase } from '../step.ts'
import type { TablePlanning } from '../table-planning.ts'

/** Everybody who names the referenced table, and whoever inserts a row that refers to it, waits behind the wait for this lock. */
const LOCK_TIMEOUT_MS = 50

/**
 * Takes its foreign keys from a detached table, each in a transaction of its own: the triggers of a key on the referenced table are dropped
 * under ACCESS EXCLUSIVE there, which a DROP of the table would take for as long as all of it takes.
 */
export function foreignKeySteps(
  planning: TablePlanning,
  {
    phase,
    relation,
    chain,
  }: { readonly phase: Phase; readonly relation: RelationState; readonly chain: string },
): readonly PartitionStep[] {
  const away = { schema: planning.set.detachedSchema, name: relation.name }
  const keys = new Map(relation.foreignKeys.map((key) => [key.name, key]))
  return [...keys.values()].map(({ name, table }) =>
    planning.step(phase, planning.label(relation.name), `foreign-key/${name}`, {
      partition: relation.name,
      purpose: `Drops the foreign key to ${table}, which the drop of the table would else lock for longer.`,
      statements: [`alter table ${identOf(away)} drop constraint if exists ${quoteName(name)};`],
      locks: [
        { table: objectOf(away), mode: 'ACCESS EXCLUSIVE' },
        { table, mode: 'ACCESS EXCLUSIVE' },
      ],
      lockTimeoutMs: LOCK_TIMEOUT_MS,
      chain,
    }),
  )
}
