import { RigError } from './rig-error.ts'

/** What goes into a pooler's configuration. */
export interface PgbouncerIni {
  readonly host: string
  readonly port: number
  /** Where it connects to. */
  readonly target: { readonly host: string; readonly port: number }
  readonly authFile: string
  readonly databases: Readonly<Record<string, string>>
  readonly settings: Readonly<Record<string, string | number>>
}

/** The text of `pgbouncer.ini`. */
export function pgbouncerIni({ host, port, target, authFile, databases, settings }: PgbouncerIni): string {
  const to = `host=${target.host} port=${target.port}`
  const named = Object.entries(databases).map(([name, rest]) => line(name, `${to} ${rest}`))
  const all: Record<string, string | number> = {
    listen_addr: host,
    listen_port: port,
    unix_socket_dir: '',
    // Every user whom it knows may log in without a password, and is the same user to PostgreSQL.
    auth_type: 'trust',
    auth_file: authFile,
    // A user who is not in the file is looked up in PostgreSQL as this one.
    auth_user: 'postgres',
    admin_users: 'postgres',
    stats_users: 'postgres',
    client_tls_sslmode: 'disable',
    server_tls_sslmode: 'disable',
    max_client_conn: 2_000,
    ignore_startup_parameters: 'extra_float_digits',
    // 15 s by default, for which a pooler would refuse to try again after the server was restarted.
    server_login_retry: 1,
    ...settings,
  }
  const lines = Object.entries(all).map(([name, value]) => line(name, String(value)))
  // The last entry is for every database that has none of its own.
  return ['[databases]', ...named, line('*', to), '[pgbouncer]', ...lines, ''].join('\n')
}

/** The text of its user list, which has a row `"user" "password"` for each. */
export function pgbouncerUsers(users: readonly string[]): string {
  return users.map((user) => `"${oneLine(user).replaceAll('"', '""')}" ""\n`).join('')
}

function line(name: string, value: string): string {
  return `${oneLine(name)} = ${oneLine(value)}`
}

function oneLine(text: string): string {
  if (/[\0\n\r]/.test(text)) {
    throw new RigError('A setting, database or user for pgbouncer holds a line break. Correct it.')
  }
  return text
}
