import { parseSettingName } from '../../context/settings.ts'
import { type ChosenTables, chooseTables } from './choose-tables.ts'
import { DerivedNames } from './derived-name.ts'
import type { SchemaDescription } from './describe/schema-description.ts'
import { type ForeignKeyChange, foreignKeyChanges, tenantColumns } from './foreign-key-changes.ts'
import { type KeyChange, keyChanges } from './key-changes.ts'
import type { PolicyOptions } from './policy-options.ts'
import { foreignKeyProblems, keyProblems } from './problems/key-problems.ts'
import { roleProblems } from './problems/role-problems.ts'
import { settingProblems } from './problems/setting-problems.ts'
import { tableProblems } from './problems/table-problems.ts'
import { SchemaRefusedError } from './schema-refused-error.ts'

/** What has to change, before it is said in which statements. */
export interface PolicyPlan {
  readonly schema: SchemaDescription
  readonly options: PolicyOptions
  readonly chosen: ChosenTables
  readonly keys: readonly KeyChange[]
  readonly foreignKeys: readonly ForeignKeyChange[]
  readonly names: DerivedNames
}

/**
 * Compares a schema with what it should be.
 *
 * @throws {SchemaRefusedError} when something cannot be made right without its owner's word
 * @throws {ConfigError} when an option is no name of a setting
 */
export function planPolicy(schema: SchemaDescription, options: PolicyOptions): PolicyPlan {
  parseSettingName(options.tenantSetting, 'tenantSetting')
  for (const [at, { setting }] of (options.settings ?? []).entries()) {
    parseSettingName(setting, `settings[${at}].setting`)
  }
  const chosen = chooseTables(schema, options)
  const names = new DerivedNames(schema.names)
  const keys = chosen.tenants.flatMap((target) => keyChanges(target, names))
  const tenants = tenantColumns(schema, options)
  const foreignKeys = chosen.tenants.flatMap((target) => foreignKeyChanges(target, tenants, names))
  const problems = [
    ...roleProblems(schema, chosen),
    ...tableProblems(schema, options, chosen),
    ...settingProblems(options, chosen),
    ...keyProblems(keys),
    ...foreignKeyProblems(schema, keys, foreignKeys, tenants),
  ]
  if (problems.length > 0) throw new SchemaRefusedError(problems)
  return { schema, options, chosen, keys, foreignKeys, names }
}
