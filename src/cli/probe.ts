import type pg from 'pg'
import { ConfigError } from '../errors/config.ts'
import type { Finding } from '../rls/finding.ts'
import type { ProbeOptions } from '../rls/probe/probe-options.ts'
import { PROBE_RULES } from '../rls/probe/probe-rules.ts'
import { runProbe } from '../rls/probe/run-probe.ts'
import { type Command, defineCommand } from './command.ts'
import { findAppLogin, findServer } from './connection/read-server.ts'
import type { ServerUrl } from './connection/server-url.ts'
import { withConnection } from './connection/with-connection.ts'
import { describeApplication } from './options/application.ts'
import { APP_OPTIONS, APPLICATION_OPTIONS, SERVER_OPTIONS } from './options/common-options.ts'
import { PROBE_OPTIONS, probeOptions } from './options/probe.ts'
import { planReport } from './report/plan-report.ts'
import { REPORT_OPTIONS } from './report/report-options.ts'

/** `leasehold probe`: what the catalogs cannot tell is tried. */
export const probe: Command = defineCommand({
  name: 'probe',
  summary: 'Tries to read and write rows of another tenant, as the application would. Leaves nothing behind.',
  options: { ...SERVER_OPTIONS, ...APP_OPTIONS, ...APPLICATION_OPTIONS, ...PROBE_OPTIONS, ...REPORT_OPTIONS },
  run: async (values, _operands, terminal) => {
    const report = await planReport(values, terminal)
    const login = findAppLogin(values, terminal)
    const server = findServer(values, terminal)
    const options = probeOptions(values, await describeApplication(values, terminal), login !== undefined)
    const findings = await onConnections({ login, server }, options)
    return report(findings, { kind: 'probe', rules: PROBE_RULES })
  },
})

/** The application's own login, if it has one; a role that may take its role otherwise. */
async function onConnections(
  { login, server }: { readonly login: ServerUrl | undefined; readonly server: ServerUrl | undefined },
  options: ProbeOptions,
): Promise<readonly Finding[]> {
  const app = login ?? server
  if (!app) {
    throw new ConfigError(
      'No server is given. Pass --app-url, the login of the application, and --url, a role that no policy holds and that finds ' +
        'two tenants; or set LEASEHOLD_APP_URL and LEASEHOLD_URL.',
    )
  }
  const probing = (admin?: pg.Client) =>
    withConnection(app, { purpose: 'probe' }, (client) => runProbe({ app: client, admin }, options))
  return server ? withConnection(server, { purpose: 'probe, looking on' }, probing) : probing()
}
