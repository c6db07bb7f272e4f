import { ConfigError } from '../errors/config.ts'
import type { MultiplexRules } from '../wire/multiplexing/multiplex-rules.ts'
import type { LeaseholdOptions } from './options.ts'

const MOST_DEPTH = 1_000
const MOST_SLOW_MS = 60_000

/** @throws {ConfigError} naming the option's path */
export function resolveMultiplex(given: LeaseholdOptions['multiplex']): MultiplexRules | undefined {
  if (given === undefined || given === false) return undefined
  const options = given === true ? {} : given === 'all' ? { writes: true } : given
  if (typeof options !== 'object' || options === null) {
    throw new ConfigError("options.multiplex must be true, false, 'all' or an object.")
  }
  const { depth = 32, slowMs = 20, writes = false } = options
  if (!Number.isSafeInteger(depth) || depth < 1 || depth > MOST_DEPTH) {
    throw new ConfigError(`options.multiplex.depth must be a number of batches, from 1 to ${MOST_DEPTH}.`)
  }
  if (typeof slowMs !== 'number' || !(slowMs >= 1) || slowMs > MOST_SLOW_MS) {
    throw new ConfigError(
      `options.multiplex.slowMs must be a number of milliseconds from 1 to ${MOST_SLOW_MS}.`,
    )
  }
  if (typeof writes !== 'boolean') throw new ConfigError('options.multiplex.writes must be true or false.')
  return Object.freeze({ depth, slowMs, writes })
}
