import type { ForeignKeyChange } from '../policy/foreign-key-changes.ts'
import type { KeyChange } from '../policy/key-changes.ts'
import type { PolicyPlan } from '../policy/policy-plan.ts'
import type { PolicyProblem } from '../policy/schema-refused-error.ts'

const INSTEAD = 'Run what `leasehold rls generate` prints for it while nobody uses the table.'
/** PostgreSQL 18 takes NOT VALID for foreign keys of partitioned tables. */
const NOT_VALID_ON_PARTITIONED = 180_000

/** What PostgreSQL cannot do beside readers and writers. */
export function rolloutProblems({ schema, keys, foreignKeys }: PolicyPlan): readonly PolicyProblem[] {
  return [
    ...keys.flatMap((change) => {
      const message = keyProblem(change)
      return message ? [{ object: change.table.object, message, fix: INSTEAD }] : []
    }),
    ...foreignKeys.flatMap((change) => {
      const message = foreignKeyProblem(change, keys, schema.serverVersion)
      return message ? [{ object: change.table.object, message, fix: INSTEAD }] : []
    }),
  ]
}

function keyProblem({ old }: KeyChange): string | undefined {
  if (old.kind === 'exclude')
    return `No constraint that excludes, as ${old.name}, can be made of an index that is there.`
  if (old.temporal) return `No key over time, as ${old.name}, can be made of an index that is there.`
  return undefined
}

function foreignKeyProblem(
  { table, references, old }: ForeignKeyChange,
  keys: readonly KeyChange[],
  serverVersion: number,
): string | undefined {
  if (table.partitioned && serverVersion < NOT_VALID_ON_PARTITIONED) {
    return `The foreign key ${old.name} of a partitioned table can be checked in one go only before PostgreSQL 18.`
  }
  const moves = keys.some((change) => change.table === references)
  if (references.partitioned && moves) {
    return `The foreign key ${old.name} refers to a partitioned table whose key has to change under it.`
  }
  return undefined
}
