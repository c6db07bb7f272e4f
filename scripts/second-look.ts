/**
 * Runs the test files that failed once more, alone: a machine that is busy with other things fails tests of timing, and a bug fails them
 * again. What was found wrong with tenants' rows gets no second look, nor does a run in which more than a few files failed.
 *
 *     node scripts/second-look.ts <report.json> [arguments of vitest]
 *
 * Exits 0 when all passed this time, and then writes into the report which files they were.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { TestReport } from './test-report.ts'

const MOST_FILES = 4
const NEVER = /^test\/(?:soak|sabotage)\//
const OF_TENANTS = /foreign|another tenant|other tenant|isolation/i

const [, , path = '', ...args] = process.argv
const report = readReport(path)
const failed = report?.testResults.filter(({ status }) => status === 'failed') ?? []
const files = failed.map(({ name }) => relative('.', name))
const isOfTenants = failed.some(({ message, assertionResults }) =>
  [message, ...assertionResults.flatMap(({ failureMessages }) => failureMessages ?? [])].some((text) =>
    OF_TENANTS.test(text ?? ''),
  ),
)
if (
  !report ||
  files.length === 0 ||
  files.length > MOST_FILES ||
  isOfTenants ||
  files.some((file) => NEVER.test(file))
) {
  process.exit(1)
}

console.log(`\nA second look at ${files.join(', ')}, alone:`)
const again = `${path}.again`
const { status } = spawnSync('vitest', ['run', ...args, '--no-file-parallelism', ...files], {
  stdio: 'inherit',
  env: { ...process.env, LEASEHOLD_TEST_REPORT: again },
})
const second = readReport(again)
rmSync(again, { force: true })
if (status !== 0 || !second) process.exit(1)
writeFileSync(
  path,
  JSON.stringify({
    ...report,
    numPassedTests: report.numPassedTests + report.numFailedTests,
    numFailedTests: 0,
    passedAlone: files,
  }),
)

function readReport(file: string): TestReport | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as TestReport
  } catch {
    return undefined
  }
}
