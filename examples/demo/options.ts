import { parseArgs } from 'node:util'

/** What the command line asks for. */
export interface DemoOptions {
  /** Prints the results as one line of JSON behind the table. */
  readonly json: boolean
  /** Decides the data and the operations. */
  readonly seed: number
  /** How long the timed rounds take together, roughly. */
  readonly seconds: number
}

export const USAGE = 'npm run demo -- [--json] [--seed 42] [--seconds 12]'

/** @throws {RangeError} {@link TypeError} for anything else than {@link USAGE} shows */
export function parseOptions(args: readonly string[]): DemoOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      seed: { type: 'string', default: '42' },
      seconds: { type: 'string', default: '12' },
    },
  })
  return {
    json: values.json,
    seed: integer('seed', values.seed, 0, 2 ** 31 - 1),
    seconds: integer('seconds', values.seconds, 1, 3600),
  }
}

function integer(name: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value
  throw new RangeError(`--${name} takes an integer from ${least} to ${most}.`)
}
