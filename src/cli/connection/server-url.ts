import { ConfigError } from '../../errors/config.ts'

/** A connection string, and what it was given as. */
export interface ServerUrl {
  readonly url: string
  /** Such as `--url` or `LEASEHOLD_URL`, for messages: the string itself may hold a password. */
  readonly source: string
}

/** Where a connection string may stand, and what stands there. */
export interface UrlPlace {
  readonly name: string
  readonly value: string | undefined
}

const SCHEME = /^postgres(?:ql)?:\/\//

/**
 * Takes a connection string from an option, or else from the environment.
 *
 * @returns `undefined` where it stands in neither
 * @throws {ConfigError} for what is none
 */
export function readServerUrl(option: UrlPlace, variable: UrlPlace): ServerUrl | undefined {
  const given = option.value === undefined ? variable : option
  if (!given.value) return undefined
  if (SCHEME.test(given.value)) return { url: given.value, source: given.name }
  throw new ConfigError(
    `${given.name} is not a connection string of the form postgres://user@host:5432/database.`,
  )
}
