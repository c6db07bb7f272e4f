import { ConfigError } from '../../../errors/config.ts'
import { isServerError } from '../../../errors/server-error.ts'
import { quoteName, quoteText } from '../../sql/quote.ts'
import type { ProbeClient } from '../probe-options.ts'

/** Who works on a connection, and what it can show. */
export interface SessionState {
  /** The role whose rights are probed. */
  readonly appRole: string
  /** The role to take in each transaction, where another one has logged in. */
  readonly role: string | undefined
  /** The role that has logged in. */
  readonly login: string
  /** A superuser or with BYPASSRLS: no policy holds it. */
  readonly exempt: 'is a superuser' | 'has BYPASSRLS' | undefined
  readonly replica: boolean
  /** What the tenant's setting is before anything was done: NULL on a connection that is fresh and of a role without a default. */
  readonly tenant: string | null
  readonly database: string
}

/**
 * Looks at who has logged in. It has to come before anything is set on the connection.
 *
 * @throws {ConfigError} when the role cannot be taken
 */
export async function inspectSession(
  client: ProbeClient,
  tenantSetting: string,
  appRole: string | undefined,
): Promise<SessionState> {
  const { rows: logins } = await client.query('select session_user::text as login')
  const [{ login } = { login: '' }] = logins as readonly { login: string }[]
  const role = appRole === undefined || appRole === login ? undefined : appRole
  await client.query('begin read only')
  try {
    if (role !== undefined) await takeRole(client, login, role)
    const { rows } = await client.query(
      `select rolsuper, rolbypassrls, pg_catalog.pg_is_in_recovery() as replica, pg_catalog.current_database()::text as database,
        pg_catalog.current_setting(${quoteText(tenantSetting)}, true) as tenant
      from pg_catalog.pg_roles where rolname = current_user`,
    )
    const [row] = rows as readonly {
      rolsuper: boolean
      rolbypassrls: boolean
      replica: boolean
      database: string
      tenant: string | null
    }[]
    const {
      rolsuper = false,
      rolbypassrls = false,
      replica = false,
      database = '',
      tenant = null,
    } = row ?? {}
    const exempt = rolsuper ? 'is a superuser' : rolbypassrls ? 'has BYPASSRLS' : undefined
    return { appRole: role ?? login, role, login, exempt, replica, tenant, database }
  } finally {
    await client.query('rollback').catch(() => {})
  }
}

async function takeRole(client: ProbeClient, login: string, role: string): Promise<void> {
  try {
    await client.query(`set local role ${quoteName(role)}`)
  } catch (error) {
    if (!isServerError(error)) throw error
    throw new ConfigError(
      `The probe has logged in as ${JSON.stringify(login)}, which cannot SET ROLE to ${JSON.stringify(role)} (SQLSTATE ${error.code}). ` +
        'Log in as the application itself, `--app-url` on the command line, or name the role that has logged in.',
      { cause: error },
    )
  }
}
