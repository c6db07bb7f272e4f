/**
 * Prints `N passed, N failed, N skipped` from the JSON report that vitest writes, as the last line of a CI run.
 *
 *     node scripts/print-test-counts.ts <report.json>
 */
import { readFileSync } from 'node:fs'

interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
}

const [, , path = ''] = process.argv
let counts = '0 passed, 0 failed, 0 skipped'
try {
  const report = JSON.parse(readFileSync(path, 'utf8')) as Report
  counts = `${report.numPassedTests} passed, ${report.numFailedTests} failed, ${report.numPendingTests} skipped`
} catch {
  console.error('No test ran: a check before the tests failed. Its message is above.')
}
console.log(counts)
