import { RigError } from './rig-error.ts'

/** Settings of a PostgreSQL server by name. */
export type PostgresSettings = Readonly<Record<string, string | number>>

/** What every server of a rig starts from: real in behaviour, and careless of the machine's power failing. */
export const baseSettings: PostgresSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  full_page_writes: 'off',
  shared_buffers: '64MB',
  // In the data directory rather than in /dev/shm, where a killed server would leave it.
  dynamic_shared_memory_type: 'mmap',
  max_connections: 300,
  max_prepared_transactions: 0,
  wal_level: 'replica',
  // There are no slots, so this is what a standby that was frozen or down can catch up by.
  wal_keep_size: '512MB',
  hot_standby_feedback: 'on',
  // In whole seconds; a fraction is rounded, and 0 turns it off.
  wal_receiver_status_interval: '1s',
  wal_retrieve_retry_interval: '100ms',
  timezone: 'UTC',
  log_timezone: 'UTC',
}

/** The text of `postgresql.conf`; of settings with the same name the later one holds. */
export function postgresConf(...layers: readonly PostgresSettings[]): string {
  return Object.entries(Object.assign({}, ...layers) as PostgresSettings)
    .map(([name, value]) => `${settingName(name)} = ${quote(String(value))}\n`)
    .join('')
}

function settingName(name: string): string {
  if (/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)?$/.test(name)) return name
  throw new RigError(`"${name}" is no name of a PostgreSQL setting. Correct the rig's settings.`)
}

/** config.sgml, "Parameter Interaction via the Configuration File": quotes are doubled, backslashes escape. */
function quote(value: string): string {
  if (/[\0\n\r]/.test(value)) {
    throw new RigError("A PostgreSQL setting holds a line break. Correct the rig's settings.")
  }
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
}
