import { parseArgs } from 'node:util'
import { WORKLOADS, type Workload } from './patients/workload.ts'

/** What the command line asks for. */
export interface BenchOptions {
  /** The name of the suite. */
  readonly suite: string
  /** Prints the results as one line of JSON, the last. */
  readonly json: boolean
  /** Prints the performance targets and fails when one is missed. */
  readonly check: boolean
  readonly rounds: number
  /** How long the measured slices take together. */
  readonly seconds: number
  readonly workloads: readonly Workload[]
  /** Only these peers; all by default. */
  readonly peers: readonly string[] | undefined
  /** The build of leasehold that is measured; `dist` by default. */
  readonly entry: string | undefined
  /** A second build, measured beside the first. */
  readonly candidate: string | undefined
}

export const USAGE =
  'npm run bench -- [tenant|connections|concurrency|cache|partitions|profile] [--json] [--check] [--rounds 21] [--seconds 120] [--workloads read,write,transaction] ' +
  '[--peers name,…] [--entry dist/index.js] [--candidate other/dist/index.js]'

/** The fewest rounds whose extremes enclose the median with 95 % confidence is 6; the targets ask for 7. */
const FEWEST_ROUNDS = 7

/** @throws {RangeError} {@link TypeError} for anything else than {@link USAGE} shows */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '21' },
      seconds: { type: 'string', default: '120' },
      workloads: { type: 'string' },
      peers: { type: 'string' },
      entry: { type: 'string' },
      candidate: { type: 'string' },
    },
  })
  const [suite = 'tenant', ...rest] = positionals
  if (rest.length > 0) throw new RangeError('One suite at a time.')
  return {
    suite,
    json: values.json,
    check: values.check,
    rounds: integer('rounds', values.rounds, values.check ? FEWEST_ROUNDS : 1, 1_000),
    seconds: integer('seconds', values.seconds, 1, 86_400),
    workloads: workloads(values.workloads ?? (values.check ? 'read' : WORKLOADS.join(','))),
    peers: values.peers?.split(','),
    entry: values.entry,
    candidate: values.candidate,
  }
}

function workloads(list: string): readonly Workload[] {
  return list.split(',').map((name) => {
    const found = WORKLOADS.find((workload) => workload === name)
    if (!found) throw new RangeError(`--workloads takes names out of: ${WORKLOADS.join(', ')}.`)
    return found
  })
}

function integer(name: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value
  throw new RangeError(`--${name} takes an integer from ${least} to ${most}.`)
}
