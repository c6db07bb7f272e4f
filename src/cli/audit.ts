import { RULES } from '../rls/audit/rules/index.ts'
import { runAudit } from '../rls/audit/run-audit.ts'
import { type Command, defineCommand } from './command.ts'
import { readServer } from './connection/read-server.ts'
import { readingCatalogs } from './connection/reading-catalogs.ts'
import { withConnection } from './connection/with-connection.ts'
import { auditOptions, describeApplication } from './options/application.ts'
import { APPLICATION_OPTIONS, SERVER_OPTIONS } from './options/common-options.ts'
import { planReport } from './report/plan-report.ts'
import { MIGRATION_OPTIONS, REPORT_OPTIONS } from './report/report-options.ts'

/** `leasehold audit`: every known way past the wall between tenants. */
export const audit: Command = defineCommand({
  name: 'audit',
  summary: 'Looks in the catalogs for every known way past the wall between tenants.',
  options: { ...SERVER_OPTIONS, ...APPLICATION_OPTIONS, ...REPORT_OPTIONS, ...MIGRATION_OPTIONS },
  run: async (values, _operands, terminal) => {
    const report = await planReport(values, terminal)
    const server = readServer(values, terminal)
    const options = await auditOptions(await describeApplication(values, terminal), terminal)
    const findings = await withConnection(server, { purpose: 'audit' }, (client) =>
      readingCatalogs(client, () => runAudit(client, options)),
    )
    return report(findings, { kind: 'audit', rules: RULES })
  },
})
