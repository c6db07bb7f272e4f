import { ConfigError } from '../../errors/config.ts'
import { definePartitions } from '../../partitioning/definition/define-partitions.ts'
import type { PartitionedTable, PartitionSet } from '../../partitioning/definition/partition-options.ts'
import type { CommandOptions, ValuesOf } from '../command-definition.ts'
import { loadConfig } from '../config/load-config.ts'
import { suggest } from '../nearest.ts'
import { APPLICATION_OPTIONS, SERVER_OPTIONS } from '../options/common-options.ts'
import type { Terminal } from '../terminal.ts'

/** Which tables are kept in months. */
export const SET_OPTIONS = {
  'app-role': APPLICATION_OPTIONS['app-role'],
  'tenant-column': APPLICATION_OPTIONS['tenant-column'],
  config: APPLICATION_OPTIONS.config,
} as const satisfies CommandOptions

/** What every command about partitions of a server is told. */
export const PARTITION_OPTIONS = { ...SERVER_OPTIONS, ...SET_OPTIONS } as const satisfies CommandOptions

/**
 * The tables that are kept in months, as the configuration has them.
 *
 * @param named names of some of them; none stands for all
 * @throws {ConfigError} where there are none, one of the names is none of theirs, or a value is wrong
 */
export async function readPartitionSet(
  values: ValuesOf<typeof SET_OPTIONS>,
  named: readonly string[],
  terminal: Terminal,
): Promise<PartitionSet> {
  const { config } = await loadConfig(values.config, terminal.folder)
  if (!config.partitions) {
    throw new ConfigError(
      'No tables are kept in months. Name them under `partitions` in leasehold.config.ts: docs/partitions.md shows how.',
    )
  }
  const appRole = values['app-role'] ?? config.appRole
  const tenantColumn = values['tenant-column'] ?? config.tenantColumn
  const set = definePartitions({
    ...(appRole === undefined ? {} : { appRole }),
    ...(tenantColumn === undefined ? {} : { tenantColumn }),
    ...config.partitions,
  })
  if (named.length === 0) return set
  return { ...set, tables: named.map((name) => tableOfSet(set, name)) }
}

/**
 * One table of a set, with or without its schema before it.
 *
 * @throws {ConfigError} where it is none of theirs
 */
export function tableOfSet(set: PartitionSet, name: string): PartitionedTable {
  const found = set.tables.find((table) => name === table.name || name === `${set.schema}.${table.name}`)
  if (found) return found
  const known = set.tables.map((table) => table.name)
  throw new ConfigError(
    `${JSON.stringify(name)} is none of the tables that are kept in months.${suggest(name, known)} They are: ${known.join(', ')}.`,
  )
}

/**
 * The one table that a command is about.
 *
 * @throws {ConfigError} where it is not named, and there is more than one
 */
export function oneTable(set: PartitionSet): PartitionedTable {
  const [table, another] = set.tables
  if (table && !another) return table
  throw new ConfigError(`Name one table: ${set.tables.map(({ name }) => name).join(', ')}.`)
}
