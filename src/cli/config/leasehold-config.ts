import type { PartitionOptions } from '../../partitioning/definition/partition-options.ts'
import type { AuditOptions } from '../../rls/audit/audit-options.ts'
import type { PolicyOptions, SettingColumn } from '../../rls/policy/policy-options.ts'
import type { ProbeOptions } from '../../rls/probe/probe-options.ts'

/**
 * What `leasehold.config.{ts,js,json}` may hold. A file of TypeScript or JavaScript exports it as its default. Tables are named
 * `schema.table`, unquoted. Options of the command line come first.
 */
export interface LeaseholdConfig
  extends Partial<Omit<AuditOptions, 'settings'>>,
    Partial<Pick<PolicyOptions, 'schemas' | 'internal' | 'privileges' | 'keepPolicies'>> {
  /** Further settings that policies may read; with a column, `leasehold rls generate` keeps its rows to the setting. */
  readonly settings?: readonly (string | SettingColumn)[]
  /** What `leasehold probe` has to know beside that. */
  readonly probe?: Pick<ProbeOptions, 'tenants' | 'skip'>
  /** Tables that are kept in months: what `leasehold partitions` works on. */
  readonly partitions?: PartitionOptions
  /** Files of the application's source, folders of it, or patterns such as `src/**\/*.ts`, from the folder of this file. */
  readonly sources?: readonly string[]
}
