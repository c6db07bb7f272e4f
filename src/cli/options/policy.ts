import type { PolicyOptions } from '../../rls/policy/policy-options.ts'
import type { CommandOptions, ValuesOf } from '../command-definition.ts'
import { readName, readTableName } from '../config/config-values.ts'
import type { DescribedApplication } from './application.ts'

/** Which tables it is about, beside those that are named as operands. */
export const TABLE_OPTIONS = {
  schema: { type: 'string', multiple: true, value: '<name>', help: 'all tables of this schema [public]' },
} as const satisfies CommandOptions

/** What the command line names: nothing leaves it to the configuration, and that leaves it to what is usual. */
export interface NamedTables {
  readonly tables: readonly string[]
  readonly schemas: readonly string[]
}

/** @throws {ConfigError} for what is no name */
export function readTables(
  { schema }: ValuesOf<typeof TABLE_OPTIONS>,
  operands: readonly string[],
): NamedTables {
  return {
    tables: operands.map((table) => readTableName(table, 'The table')),
    schemas: schema.map((name) => readName(name, '--schema')),
  }
}

/** What the generator of policies has to know. */
export function policyOptions(
  { application, config }: DescribedApplication,
  named: NamedTables,
): PolicyOptions {
  const { internal = [], privileges = {}, keepPolicies = [], settings = [] } = config
  return {
    ...application,
    ...chosen(named, config.schemas),
    internal,
    privileges,
    keepPolicies,
    settings: settings.filter((entry) => typeof entry !== 'string'),
  }
}

function chosen(
  { tables, schemas }: NamedTables,
  configured: readonly string[] | undefined,
): Pick<PolicyOptions, 'tables' | 'schemas'> {
  if (schemas.length > 0) return { schemas, tables }
  if (tables.length > 0) return { tables }
  return configured ? { schemas: configured } : {}
}
