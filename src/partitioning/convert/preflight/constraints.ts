import type { Finding, PreflightRule } from './refusal.ts'

/** Constraints and indexes that a partitioned table cannot have, or that would be built anew under the swap's lock. */
export const constraints: PreflightRule = ({ conversion, shape }) => {
  const { object, checkName, indexName } = conversion
  const findings: Finding[] = []
  for (const { name, kind, isValid, isDeferrable, noInherit } of shape.constraints) {
    if (name === checkName) continue
    const on = `The constraint ${name} of ${object}`
    if (kind === 'x') {
      findings.push({
        reason: 'exclusion-constraint',
        message: `${on} is an exclusion constraint, which would hold within each month only, if at all.`,
        fix: `ALTER TABLE ${object} DROP CONSTRAINT ${name}; and check it otherwise.`,
      })
    }
    if (!isValid) {
      findings.push({
        reason: 'constraint-not-valid',
        message: `${on} was never validated, and a partition's has to be.`,
        fix: `ALTER TABLE ${object} VALIDATE CONSTRAINT ${name};`,
      })
    }
    // The catalog calls every key and foreign key one that is not inherited.
    if (noInherit && (kind === 'c' || kind === 'n')) {
      findings.push({
        reason: 'constraint-no-inherit',
        message: `${on} is NO INHERIT, which no partitioned table can have.`,
        fix: `Add it again without NO INHERIT (NOT VALID, then VALIDATE), and drop ${name}.`,
      })
    }
    if (kind === 'p' && isDeferrable) {
      findings.push({
        reason: 'key-deferrable',
        message: `${on} is a deferrable primary key.`,
        fix: 'Make it one that is not deferrable first.',
      })
    }
  }
  for (const { name, isValid } of shape.indexes) {
    if (isValid || name === indexName) continue
    findings.push({
      reason: 'index-not-valid',
      message: `The index ${name} of ${object} is not valid: the swap would build it anew under its lock.`,
      fix: `DROP INDEX CONCURRENTLY ${name}; or REINDEX INDEX CONCURRENTLY ${name};`,
    })
  }
  return findings
}
