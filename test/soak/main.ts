/**
 * Runs a suite against real servers of its own for as long as asked, and holds what was reported against what is there.
 *
 *     npm run soak -- [--suite isolation] [--transactions 10000] [--faults] [--seed 1] [--target direct|1.18|1.24]
 *                     [--engine leasehold|session-set] [--json] [--record]
 *
 * The same seed gives the same schedule of faults. Exit code 0 when all held, 1 when something did not, 2 for wrong usage.
 */
import { parseArgs } from 'node:util'
import { identifySources, recordSoak } from './record.ts'
import { reportSoak } from './soak-report.ts'
import { SOAK_TARGETS } from './suite.ts'
import { SUITES } from './suites.ts'

const USAGE = `Usage: npm run soak -- [--suite ${SUITES.map(({ name }) => name).join('|')}] [--transactions N] [--faults]
  [--seed S] [--target ${SOAK_TARGETS.join('|')}] [--engine leasehold|session-set] [--json] [--record]`

const options = readOptions()
if (typeof options === 'string') {
  console.error(`${options}\n${USAGE}`)
  process.exitCode = 2
} else {
  const { suite, request, json, record } = options
  const sources = await identifySources()
  const startedAt = performance.now()
  const findings = await suite.run(request)
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10
  const report = reportSoak(suite.name, request.seed, findings)
  for (const violation of report.violations.slice(0, 20)) console.error(`VIOLATION ${violation}`)
  const { target, engine } = request
  if (record) await recordSoak(report, sources, { target, engine, seconds })
  console.error(
    `${suite.name}, ${engine}, ${target}: ${report.transactions} in ${seconds} s: ${report.verdict}`,
  )
  console.log(json ? JSON.stringify(report) : report)
  process.exitCode = report.verdict === 'held' ? 0 : 1
}

function readOptions() {
  const values = parse()
  if (typeof values === 'string') return values
  const suite = SUITES.find(({ name }) => name === values.suite)
  const target = SOAK_TARGETS.find((name) => name === values.target)
  const engine = (['leasehold', 'session-set'] as const).find((name) => name === values.engine)
  const transactions = Number(values.transactions)
  const seed = Number(values.seed)
  if (!suite) return `There is no suite "${values.suite}".`
  if (!target) return `There is no target "${values.target}".`
  if (!engine || (engine === 'session-set' && !suite.hasControl)) {
    return `The suite has no engine "${values.engine}".`
  }
  if (!Number.isSafeInteger(transactions) || transactions < 1) return '--transactions must be a whole number.'
  if (!Number.isSafeInteger(seed)) return '--seed must be a whole number.'
  const say = (line: string) => console.error(line)
  const request = { transactions, seed, faults: values.faults, target, engine, say }
  return { suite, request, json: values.json, record: values.record }
}

function parse() {
  try {
    return parseArgs({
      options: {
        suite: { type: 'string', default: 'isolation' },
        transactions: { type: 'string', default: '10000' },
        faults: { type: 'boolean', default: false },
        seed: { type: 'string', default: '1' },
        target: { type: 'string', default: '1.24' },
        engine: { type: 'string', default: 'leasehold' },
        json: { type: 'boolean', default: false },
        record: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
