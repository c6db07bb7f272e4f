import { parseOptions, USAGE } from './options.ts'
import { describeMachine } from './report/machine.ts'
import { SUITES } from './suites.ts'

async function bench(args: readonly string[]): Promise<number> {
  const options = readOptions(args)
  if (!options) return 2
  const suite = SUITES.find(({ name }) => name === options.suite)
  if (!suite) {
    console.error(`The suites are: ${SUITES.map(({ name }) => name).join(', ')}.`)
    return 2
  }
  const { text, document, failures } = await suite.run(options, (line) => process.stderr.write(`${line}\n`))
  console.log(text)
  if (options.json) {
    console.log(JSON.stringify({ suite: suite.name, machine: describeMachine(), ...document }))
  }
  for (const failure of failures) console.error(failure)
  return failures.length > 0 ? 1 : 0
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
