import { ConfigError } from '../../errors/config.ts'
import type { ValuesOf } from '../command-definition.ts'
import type { APP_OPTIONS, ARCHIVER_OPTIONS, SERVER_OPTIONS } from '../options/common-options.ts'
import type { Terminal } from '../terminal.ts'
import { readServerUrl, type ServerUrl } from './server-url.ts'

/**
 * The server whose catalogs are read: `--url`, or else LEASEHOLD_URL.
 *
 * @throws {ConfigError} when neither is given
 */
export function readServer(values: ValuesOf<typeof SERVER_OPTIONS>, terminal: Terminal): ServerUrl {
  const server = findServer(values, terminal)
  if (server) return server
  throw new ConfigError(
    'No server is given. Pass --url postgres://user@host:5432/database, or set LEASEHOLD_URL: a direct connection, past ' +
      'the pooler.',
  )
}

/** The same, where it can be done without. */
export function findServer(
  { url }: ValuesOf<typeof SERVER_OPTIONS>,
  { env }: Terminal,
): ServerUrl | undefined {
  return readServerUrl({ name: '--url', value: url }, { name: 'LEASEHOLD_URL', value: env.LEASEHOLD_URL })
}

/** The login of the application: `--app-url`, or else LEASEHOLD_APP_URL. */
export function findAppLogin(values: ValuesOf<typeof APP_OPTIONS>, { env }: Terminal): ServerUrl | undefined {
  return readServerUrl(
    { name: '--app-url', value: values['app-url'] },
    { name: 'LEASEHOLD_APP_URL', value: env.LEASEHOLD_APP_URL },
  )
}

/** The login that reads what is archived: `--archiver-url`, or else LEASEHOLD_ARCHIVER_URL. */
export function findArchiver(
  values: ValuesOf<typeof ARCHIVER_OPTIONS>,
  { env }: Terminal,
): ServerUrl | undefined {
  return readServerUrl(
    { name: '--archiver-url', value: values['archiver-url'] },
    { name: 'LEASEHOLD_ARCHIVER_URL', value: env.LEASEHOLD_ARCHIVER_URL },
  )
}
