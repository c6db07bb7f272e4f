/**
 * Prints `N passed, N failed, N skipped` from the JSON reports that vitest writes, as the last line of a CI run.
 *
 *     node scripts/print-test-counts.ts <report.json> …
 */
import { readFileSync } from 'node:fs'
import type { TestReport } from './test-report.ts'

const counts = { passed: 0, failed: 0, skipped: 0 }
for (const path of process.argv.slice(2)) {
  try {
    const report = JSON.parse(readFileSync(path, 'utf8')) as TestReport
    if (report.passedAlone) console.log(`Failed at first, passed alone: ${report.passedAlone.join(', ')}`)
    counts.passed += report.numPassedTests
    counts.failed += report.numFailedTests
    counts.skipped += report.numPendingTests
  } catch {
    console.error('No test ran: a check before the tests failed. Its message is above.')
  }
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
