import { ConfigError } from '../../errors/config.ts'

/**
 * Reads seconds of the command line as milliseconds.
 *
 * @throws {ConfigError} for what is no whole number of seconds
 */
export function readSeconds(flag: string, given: string | undefined, otherwise: number): number {
  if (given === undefined) return otherwise * 1_000
  if (/^\d{1,6}$/.test(given)) return Number(given) * 1_000
  throw new ConfigError(`${flag} must be a whole number of seconds.`)
}
