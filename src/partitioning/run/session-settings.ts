/** What every session of the job is set to; literals of bounds and the ledger's rows mean the same in each. */
const SETTINGS: readonly (readonly [name: string, value: string])[] = [
  ['timezone', 'UTC'],
  ['datestyle', 'ISO'],
  ['intervalstyle', 'iso_8601'],
  // A row that a policy would hide is an error instead: nothing is moved, archived or counted short.
  ['row_security', 'off'],
  ['search_path', 'pg_catalog'],
  ['lock_timeout', '100ms'],
  ['statement_timeout', '0'],
]

/** Readies a session. */
export const SET_SESSION: string = SETTINGS.map(([name, value]) => `set ${name} = '${value}';`).join(' ')

/** The same for one transaction: a session that a pooler hands to others is not to be changed. */
export const SET_TRANSACTION: string = SETTINGS.filter(([name]) => name !== 'lock_timeout')
  .map(([name, value]) => `set local ${name} = '${value}';`)
  .join(' ')

/** A backend whose client is gone ends what it does, and gives its locks back. Not every system can tell it so. */
export const SET_CHECK_CLIENT: string = "set client_connection_check_interval = '1s'"

/** Ends what {@link SET_SESSION} and {@link SET_CHECK_CLIENT} have set. */
export const RESET_SESSION: string = [...SETTINGS.map(([name]) => name), 'client_connection_check_interval']
  .map((name) => `reset ${name};`)
  .join(' ')
