import { quoteText } from '../../rls/sql/quote.ts'
import type { PartitionPlan, PartitionStep } from './step.ts'

/**
 * The plan as SQL: for each step a comment with its id and what it is for, then exactly the statements that a run sends, as far as the step
 * is SQL. A step of one transaction stands between BEGIN and COMMIT.
 */
export function printPlan({ steps }: PartitionPlan): string {
  return steps.map((step) => `${heading(step)}\n${body(step)}\n`).join('\n')
}

/** The locks that each step takes, and for how long a try may wait for one; in the place of its SQL. */
export function explainLocks({ steps }: PartitionPlan): string {
  return steps.map((step) => `${heading(step)}\n${lockLines(step)}\n`).join('\n')
}

function heading({ id, purpose }: PartitionStep): string {
  // A name may hold a line's end, which would end the comment.
  return `-- ${id}: ${purpose}`.replaceAll(/\s+/g, ' ')
}

function body({ kind, statements, lockTimeoutMs, relation }: PartitionStep): string {
  if (kind === 'transaction') {
    return ['begin;', `set local lock_timeout = ${lockTimeoutMs};`, ...statements, 'commit;'].join('\n')
  }
  if (kind === 'statement') {
    return [`set lock_timeout = ${lockTimeoutMs};`, ...statements, 'reset lock_timeout;'].join('\n')
  }
  const name = relation ? quoteText(`${relation.schema}.${relation.name}`).trimStart() : 'the partition'
  const what =
    kind === 'gate'
      ? `-- No SQL here: asks each replica who has locked ${name}.`
      : `-- Reads ${name} as the archiver and writes it to the archive; then, in a transaction:`
  return [what.replaceAll(/\s+/g, ' '), ...statements].join('\n')
}

function lockLines({ kind, locks, lockTimeoutMs }: PartitionStep): string {
  if (locks.length === 0) return '--   locks no table'
  const lines = locks.map(({ table, mode }) => `--   ${mode} on ${table.replaceAll(/\s+/g, ' ')}`)
  if (kind !== 'archive')
    lines.push(`--   waits ${lockTimeoutMs} ms for a lock, at most, before it is tried again`)
  return lines.join('\n')
}
