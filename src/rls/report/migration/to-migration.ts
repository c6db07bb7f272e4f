import type { Finding } from '../../finding.ts'
import { placeOf } from '../place.ts'
import { printable } from '../printable.ts'
import { type MigrationStep, planSteps } from './migration-steps.ts'

/** Milliseconds that a statement of a migration waits for a lock, since all others wait behind it. */
const LOCK_TIMEOUT_MS = 5_000

/**
 * Writes a migration of all statements that mend findings. What statements cannot mend stands in it as comments; names in
 * comments cannot end them.
 */
export function toMigration(findings: readonly Finding[]): string {
  const { transactional, separate, manual } = planSteps(findings)
  const mended = findings.length - manual.length
  const parts = [
    `-- Written by \`leasehold audit --fix\`: mends ${mended} of ${findings.length} findings. Read it before you run it.`,
  ]
  if (transactional.length > 0) {
    const head = `begin;\nset local lock_timeout = '${LOCK_TIMEOUT_MS}ms';`
    parts.push(head, ...transactional.map(writeStep), 'commit;')
  }
  if (separate.length > 0) {
    parts.push('-- PostgreSQL runs these outside of a transaction only.', ...separate.map(writeStep))
  }
  if (manual.length > 0) {
    parts.push(['-- To be decided by you:', ...manual.map(explain)].join('\n'))
  }
  return `${parts.join('\n\n')}\n`
}

function writeStep({ mends, statements }: MigrationStep): string {
  const why = mends.map(({ rule, object }) => `-- ${printable(`${rule}: ${object}`)}`)
  return [...why, ...statements].join('\n')
}

function explain({ rule, message, fix, ...finding }: Finding): string {
  return [
    `-- ${printable(`${rule}: ${placeOf(finding)}`)}`,
    `--   ${printable(message)}`,
    `--   Fix: ${printable(fix)}`,
  ].join('\n')
}
