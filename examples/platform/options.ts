import { parseArgs } from 'node:util'
import { LOADS, type LoadShape } from './load/shapes.ts'
import { SERVICES, type ServiceName } from './services.ts'

/** What the command line asks for. */
export interface PlatformCommand {
  readonly phase: 1 | 2
  readonly load: LoadShape | undefined
  readonly patients: number | undefined
  /** Of the edge; a free one where none is named. */
  readonly port: number | undefined
  /** All, where none is named. */
  readonly services: readonly ServiceName[] | undefined
  /** Those of them that are started by hand. */
  readonly byHand: readonly ServiceName[]
  /** What to break in turn while the load runs, or nothing. */
  readonly isBreaking: boolean
}

export const USAGE = `npm run platform -- [options]

  --phase 1|2             one database, or one with two read replicas (2)
  --load [steady|realistic]  70 % reads from all clinics, until the platform is stopped (none; steady)
  --faults                with --load: breaks one thing after the other, and says what came of it
  --patients N            patients of all clinics together (300 for each clinic)
  --port P                of the edge (a free one)
  --services a,b          only these, of ${SERVICES.join(', ')} (all)
  --by-hand a,b         of these, writes examples/<service>/.env, and waits until they have been started with it
  --help`

/** The command line is not one that USAGE tells of. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** @throws {UsageError} when it cannot be understood */
export function parseCommand(args: readonly string[]): PlatformCommand | 'help' {
  const values = parse(withLoadShape(args))
  if (values.help) return 'help'
  const { load } = values
  if (load !== undefined && !LOADS.includes(load as LoadShape)) {
    throw new UsageError(`--load is ${LOADS.join(' or ')}, not ${load}.`)
  }
  if (values.faults && load === undefined) throw new UsageError('--faults needs --load.')
  const services = values.services === undefined ? undefined : servicesOf(values.services)
  const byHand = values['by-hand'] === undefined ? [] : servicesOf(values['by-hand'])
  const unknown = byHand.find((name) => services && !services.includes(name))
  if (unknown) throw new UsageError(`--by-hand names ${unknown}, which --services leaves out.`)
  return {
    phase: phaseOf(values.phase),
    load: load as LoadShape | undefined,
    patients:
      values.patients === undefined ? undefined : wholeNumber('--patients', values.patients, 1, 2_000_000),
    port: values.port === undefined ? undefined : wholeNumber('--port', values.port, 1, 65_535),
    services,
    byHand,
    isBreaking: values.faults,
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        phase: { type: 'string', default: '2' },
        load: { type: 'string' },
        faults: { type: 'boolean', default: false },
        patients: { type: 'string' },
        port: { type: 'string' },
        services: { type: 'string' },
        'by-hand': { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** `--load` by itself is `--load steady`: parseArgs knows no option whose value may be left out. */
function withLoadShape(args: readonly string[]): readonly string[] {
  return args.flatMap((arg, at) => {
    const next = args[at + 1]
    const isBare = arg === '--load' && (next === undefined || next.startsWith('-'))
    return isBare ? ['--load', 'steady'] : [arg]
  })
}

function phaseOf(text: string): 1 | 2 {
  if (text === '1') return 1
  if (text === '2') return 2
  throw new UsageError(`--phase is 1 or 2, not ${text}.`)
}

function servicesOf(text: string): readonly ServiceName[] {
  return text.split(',').map((given) => {
    const found = SERVICES.find((name) => name === given.trim())
    if (found) return found
    throw new UsageError(`There is no service ${given.trim()}. There are: ${SERVICES.join(', ')}.`)
  })
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const number = Number(text)
  if (Number.isInteger(number) && number >= least && number <= most) return number
  throw new UsageError(`${option} is a whole number from ${least} to ${most}, not ${text}.`)
}
