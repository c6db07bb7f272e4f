/**
 * Prints `N passed, N failed, N skipped` from the JSON report that vitest writes, as the last line of a CI run.
 *
 *     node scripts/print-test-counts.ts <report.json>
 */
import { readFileSync } from 'node:fs'
import type { TestReport } from './test-report.ts'

const [, , path = ''] = process.argv
let counts = '0 passed, 0 failed, 0 skipped'
try {
  const report = JSON.parse(readFileSync(path, 'utf8')) as TestReport
  if (report.passedAlone) console.log(`Failed at first, passed alone: ${report.passedAlone.join(', ')}`)
  counts = `${report.numPassedTests} passed, ${report.numFailedTests} failed, ${report.numPendingTests} skipped`
} catch {
  console.error('No test ran: a check before the tests failed. Its message is above.')
}
console.log(counts)
