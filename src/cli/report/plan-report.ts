import { resolve } from 'node:path'
import { ConfigError } from '../../errors/config.ts'
import type { Finding } from '../../rls/finding.ts'
import { toMigration } from '../../rls/report/migration/to-migration.ts'
import type { SarifTool } from '../../rls/report/sarif.ts'
import { tally } from '../../rls/report/tally.ts'
import type { ValuesOf } from '../command-definition.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import type { Terminal } from '../terminal.ts'
import { type Format, formatFindings, readFormat } from './format-findings.ts'
import { openBaseline } from './known-findings.ts'
import type { MIGRATION_OPTIONS, REPORT_OPTIONS } from './report-options.ts'
import { writeTo } from './write-to.ts'

/** What the command line says of it; not every command has migrations. */
export type ReportValues = ValuesOf<typeof REPORT_OPTIONS> & Partial<ValuesOf<typeof MIGRATION_OPTIONS>>

/** Reports what was found, and says how the command ends. */
export type Report = (findings: readonly Finding[], tool: Omit<SarifTool, 'version'>) => Promise<ExitCode>

/**
 * Reads how findings are to be reported, and everything that this needs, before any are looked for.
 *
 * @throws {ConfigError} when it was asked wrongly
 */
export async function planReport(values: ReportValues, terminal: Terminal): Promise<Report> {
  const format = readFormat(values.format, values.json)
  const migrate = planMigration(values, format, terminal)
  const leaveOutKnown = await openBaseline(values.baseline, values['write-baseline'], terminal)
  return async (findings, tool) => {
    const fresh = await leaveOutKnown(findings)
    const printed = await migrate(fresh)
    if (!printed) terminal.print(formatFindings(format, fresh, { ...tool, version: terminal.version }))
    return fresh.length === 0 ? EXIT.done : EXIT.findings
  }
}

/** Whether the migration was printed, in the place of the report. */
type Migrate = (findings: readonly Finding[]) => Promise<boolean>

function planMigration({ fix, output }: ReportValues, format: Format, terminal: Terminal): Migrate {
  if (!fix) {
    if (output !== undefined)
      throw new ConfigError('--output goes with --fix: it names the file of the migration.')
    return async () => false
  }
  if (output !== undefined) {
    return async (findings) => {
      await writeTo(resolve(terminal.folder, output), output, toMigration(findings))
      terminal.note(`${output} holds the migration. Read it before you run it.`)
      return false
    }
  }
  if (format !== 'text')
    throw new ConfigError(`--fix with --format ${format} needs --output <file> for the migration.`)
  return async (findings) => {
    terminal.print(toMigration(findings))
    terminal.note(`Found: ${tally(findings)}.`)
    return true
  }
}
