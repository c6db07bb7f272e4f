import type { AuditOptions } from '../../rls/audit/audit-options.ts'
import type { ValuesOf } from '../command-definition.ts'
import { readName, readSetting } from '../config/config-values.ts'
import type { LeaseholdConfig } from '../config/leasehold-config.ts'
import { type LoadedConfig, loadConfig } from '../config/load-config.ts'
import type { Terminal } from '../terminal.ts'
import type { APPLICATION_OPTIONS } from './common-options.ts'
import { findSources } from './find-sources.ts'

/** What every command knows of the application. */
export type Application = Pick<
  AuditOptions,
  'appRole' | 'tenantSetting' | 'tenantColumn' | 'tenantColumns' | 'shared'
>

/** The application, and the configuration that further options are taken from. */
export interface DescribedApplication extends LoadedConfig {
  readonly application: Application
}

/**
 * Puts together what is known of the application: from the command line first, then from the configuration, else what is usual.
 *
 * @throws {ConfigError} when either is wrong
 */
export async function describeApplication(
  values: ValuesOf<typeof APPLICATION_OPTIONS>,
  terminal: Terminal,
): Promise<DescribedApplication> {
  const loaded = await loadConfig(values.config, terminal.folder)
  const { config } = loaded
  const application = {
    appRole: readName(values['app-role'] ?? config.appRole ?? 'app', '--app-role'),
    tenantSetting: readSetting(
      values['tenant-setting'] ?? config.tenantSetting ?? 'app.tenant_id',
      '--tenant-setting',
    ),
    tenantColumn: readName(values['tenant-column'] ?? config.tenantColumn ?? 'tenant_id', '--tenant-column'),
    tenantColumns: config.tenantColumns ?? {},
    shared: config.shared ?? [],
  }
  return { ...loaded, application }
}

/** What an audit has to know beyond that. */
export async function auditOptions(
  { application, config, folder }: DescribedApplication,
  terminal: Terminal,
): Promise<AuditOptions> {
  return {
    ...application,
    settings: settingNames(config),
    backupRoles: config.backupRoles ?? [],
    poolerUrl: config.poolerUrl,
    sources: await findSources(config.sources ?? [], folder, terminal.folder),
  }
}

/** The names of the further settings. */
export function settingNames({ settings = [] }: LeaseholdConfig): readonly string[] {
  return [...new Set(settings.map((entry) => (typeof entry === 'string' ? entry : entry.setting)))]
}
