import type { CommandOptions } from '../command-definition.ts'

/** The server whose catalogs are read. */
export const SERVER_OPTIONS = {
  url: {
    type: 'string',
    value: '<postgres://...>',
    help: 'direct connection, past the pooler, that can read the catalogs [LEASEHOLD_URL]',
  },
} as const satisfies CommandOptions

/** The application's own login. */
export const APP_OPTIONS = {
  'app-url': {
    type: 'string',
    value: '<postgres://...>',
    help: 'the login of the application, past the pooler [LEASEHOLD_APP_URL]',
  },
} as const satisfies CommandOptions

/** The login that reads rows of all tenants, to archive them. */
export const ARCHIVER_OPTIONS = {
  'archiver-url': {
    type: 'string',
    value: '<postgres://...>',
    help: 'a login that sees every row, past the pooler, for archives and seals [LEASEHOLD_ARCHIVER_URL]',
  },
} as const satisfies CommandOptions

/** What every command has to know of the application. */
export const APPLICATION_OPTIONS = {
  'app-role': { type: 'string', value: '<role>', help: 'the role that the application logs in as [app]' },
  'tenant-setting': {
    type: 'string',
    value: '<name>',
    help: 'the setting that holds the tenant [app.tenant_id]',
  },
  'tenant-column': { type: 'string', value: '<name>', help: 'the column that names the tenant [tenant_id]' },
  config: { type: 'string', value: '<file>', help: 'the configuration [leasehold.config.{ts,js,json}]' },
} as const satisfies CommandOptions
