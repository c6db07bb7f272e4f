import type { PolicyStatement, TableLock } from '../policy/policy-statement.ts'

/**
 * - `prepare`: an application that names the tenant of what it inserts, or sets it, notices nothing.
 * - `observe`: where it is asked for, row security is on and hides nothing; of statements without a tenant the operator is told.
 * - `enforce`: the policies hold. An application that does not set the tenant sees nothing from here on.
 * - `finish`: keys across tenants go, and with them `ON CONFLICT (id)` without the tenant.
 */
export type RolloutPhase = 'prepare' | 'observe' | 'enforce' | 'finish'

/** One step of a rollout, which stands or falls as one: an attempt that fails leaves nothing, or what `undo` takes away. */
export interface RolloutStep {
  readonly phase: RolloutPhase
  /** What it is on: `schema.name`, unquoted, or the name of a role, a schema or the database. */
  readonly object: string
  /** What it is for, in a sentence or two. */
  readonly purpose: string
  /**
   * A `brief` step takes its locks first, then runs in the same transaction, and blocks others for no longer than the
   * limits say. A `long` step is one statement outside of a transaction, under locks that block neither reading nor writing.
   * A `pause` lets time pass.
   */
  readonly kind: 'brief' | 'long' | 'pause'
  /** Single statements, each ended by a semicolon. */
  readonly parts: readonly string[]
  /** The strongest lock on each table, all of them. */
  readonly locks: readonly TableLock[]
  /** What an attempt that failed may have left, and has to go before the next one. */
  readonly undo?: string
}

/** A step of statements that change the catalogs only; none for no statements. */
export function briefStep(
  phase: RolloutPhase,
  statements: readonly PolicyStatement[],
): readonly RolloutStep[] {
  const [first] = statements
  if (!first) return []
  const purpose = [...new Set(statements.map((statement) => statement.purpose))].join(' ')
  const locks = [
    ...new Map(statements.flatMap((each) => each.locks.map((lock) => [lock.table, lock]))).values(),
  ]
  const parts = statements.flatMap((statement) => statement.parts)
  return [{ phase, object: first.object, purpose, kind: 'brief', parts, locks }]
}

/** A step that reads a table, or writes an index. */
export function longStep(
  phase: RolloutPhase,
  { object, purpose, parts, locks }: PolicyStatement,
  undo?: string,
): RolloutStep {
  return { phase, object, purpose, kind: 'long', parts, locks, ...(undo ? { undo } : {}) }
}
