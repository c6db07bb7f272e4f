import type { Finding } from '../../finding.ts'
import { splitStatements } from './split-statements.ts'

/** Statements, and the findings that they mend. */
export interface MigrationStep {
  readonly mends: readonly Finding[]
  readonly statements: readonly string[]
}

/** A migration in its parts. */
export interface MigrationSteps {
  /** What runs in one transaction. */
  readonly transactional: readonly MigrationStep[]
  /** What PostgreSQL refuses in a transaction: to be run afterwards, each by itself. */
  readonly separate: readonly MigrationStep[]
  /** What no statement mends without somebody's judgement. */
  readonly manual: readonly Finding[]
}

/**
 * Statements that PostgreSQL refuses in a transaction.
 *
 * @see https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
 */
const NOT_IN_TRANSACTION = /^(?:vacuum|alter system|(?:create|drop) database)\b|\bconcurrently\b/

/** Puts what mends the findings in an order in which it runs. */
export function planSteps(findings: readonly Finding[]): MigrationSteps {
  const bySql = Map.groupBy(
    findings.filter(({ sql }) => sql !== undefined),
    ({ sql = '' }) => sql.trim(),
  )
  const steps = [...bySql].map(([sql, mends]) => {
    const statements = splitStatements(sql)
    const isSeparate = statements.some(({ words }) => NOT_IN_TRANSACTION.test(words))
    return { step: { mends, statements: statements.map(({ text }) => text) }, isSeparate }
  })
  return {
    transactional: steps.filter(({ isSeparate }) => !isSeparate).map(({ step }) => step),
    separate: steps.filter(({ isSeparate }) => isSeparate).map(({ step }) => step),
    manual: findings.filter(({ sql }) => sql === undefined),
  }
}
