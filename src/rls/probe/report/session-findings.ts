import type { SessionState } from '../session/inspect-session.ts'
import type { ProbeReport } from './probe-report.ts'

/**
 * Says of the session what is wrong with it, and what cannot be seen from it.
 *
 * @param writes whether writes were asked for
 */
export function describeSession(
  { appRole, login, role, exempt, replica, tenant, database }: SessionState,
  tenantSetting: string,
  writes: boolean,
  report: ProbeReport,
): void {
  if (exempt) {
    report.add({
      rule: 'probe-role',
      severity: 'error',
      object: appRole,
      message: `The role ${exempt}, so that no policy holds it: it sees and changes the rows of all tenants. Nothing else was probed.`,
      fix: 'Let the application log in as a role with NOSUPERUSER and NOBYPASSRLS, and probe that.',
    })
    return
  }
  if (tenant) {
    report.add({
      rule: 'probe-default-tenant',
      severity: 'error',
      object: appRole,
      message: `${tenantSetting} has a value on a new connection, so that whatever forgets to name a tenant works for that one.`,
      fix: `Find who sets it, ALTER ROLE or ALTER DATABASE ... SET, the connection string or postgresql.conf, and reset it there.`,
    })
  }
  const cannot = (message: string, fix: string) =>
    report.add({ rule: 'probe-session', severity: 'info', object: database, message, fix })
  if (tenant === '') {
    cannot(
      `${tenantSetting} is the empty string on this connection from its beginning, or because it was used before: what is seen where it was never set was not probed.`,
      'Give the probe a new connection.',
    )
  }
  if (role !== undefined) {
    cannot(
      `The probe logged in as ${JSON.stringify(login)} and took ${JSON.stringify(role)} by SET ROLE. What hangs on the login is hidden from it: that the application logs in as another role, such as the owner of the tables; settings that the login brings along; policies that ask for session_user.`,
      'Let the probe log in as the application itself.',
    )
  }
  if (replica && writes) {
    cannot(
      'The server is a replica: only reads were probed, and no INSERT, UPDATE or DELETE, foreign key or ON CONFLICT.',
      'Probe the primary, or a copy of it, as well.',
    )
  }
}
