import { parseOptions, USAGE } from './options.ts'
import { describeMachine } from './report/machine.ts'
import { formatTable } from './report/table.ts'
import { formatTargets, judgeTargets } from './report/targets.ts'
import { runTenantSuite } from './tenant/suite.ts'

async function bench(args: readonly string[]): Promise<number> {
  const options = readOptions(args)
  if (!options) return 2
  const report = await runTenantSuite(options, (line) => process.stderr.write(`${line}\n`))
  const verdicts = options.check ? judgeTargets(report) : []
  console.log(formatTable(report.results))
  if (options.check) console.log(`\n${formatTargets(verdicts)}`)
  if (options.json) {
    const { suite, settings, results } = report
    console.log(JSON.stringify({ suite, machine: describeMachine(), settings, results, targets: verdicts }))
  }
  const foreignRows = report.results.reduce((sum, result) => sum + result.foreignRows, 0)
  if (foreignRows > 0) console.error(`${foreignRows} rows of other tenants were answered.`)
  return foreignRows > 0 || verdicts.some(({ met }) => !met) ? 1 : 0
}

function readOptions(args: readonly string[]): ReturnType<typeof parseOptions> | undefined {
  try {
    return parseOptions(args)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    console.error(`Usage: ${USAGE}`)
    return undefined
  }
}

process.exitCode = await bench(process.argv.slice(2))
