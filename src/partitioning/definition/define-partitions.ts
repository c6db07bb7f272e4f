import { ConfigError } from '../../errors/config.ts'
import { defineTable } from './define-table.ts'
import { isRecord, readName, refuseUnknown } from './option-values.ts'
import type { PartitionOptions, PartitionSet } from './partition-options.ts'

const KNOWN = ['schema', 'partsSchema', 'detachedSchema', 'tenantColumn', 'appRole', 'tables']
/** PostgreSQL keeps the prefix for its own schemas, and these names for itself. */
const RESERVED_SCHEMA = /^(?:pg_|information_schema$|leasehold$|leasehold_guard$)/

/**
 * Checks the options of partitions and fills in the defaults. What is wrong in them is said here, and nowhere later.
 *
 * @throws {ConfigError} naming the option's path
 */
export function definePartitions(options: PartitionOptions): PartitionSet {
  if (!isRecord(options)) throw new ConfigError('options must be an object with tables.')
  refuseUnknown(options, 'options', KNOWN)
  const schema = readName(options.schema, 'options.schema', 'public')
  const partsSchema = readName(options.partsSchema, 'options.partsSchema', `${schema}_parts`)
  const detachedSchema = readName(options.detachedSchema, 'options.detachedSchema', `${schema}_detached`)
  refuseSchemas({ schema, partsSchema, detachedSchema })
  const tenantColumn = readName(options.tenantColumn, 'options.tenantColumn', 'tenant_id')
  const appRole = readName(options.appRole, 'options.appRole', 'app')
  if (appRole === 'public' || appRole === 'none') {
    throw new ConfigError(
      `options.appRole is ${JSON.stringify(appRole)}, which is no role. Name the role that the application logs in as.`,
    )
  }
  const { tables } = options
  if (!isRecord(tables) || Object.keys(tables).length === 0) {
    throw new ConfigError('options.tables must be an object with a table in it, by its name.')
  }
  return Object.freeze({
    schema,
    partsSchema,
    detachedSchema,
    tenantColumn,
    appRole,
    tables: Object.freeze(Object.entries(tables).map(([name, table]) => defineTable(name, table))),
  })
}

function refuseSchemas(names: Pick<PartitionSet, 'schema' | 'partsSchema' | 'detachedSchema'>): void {
  for (const [option, name] of Object.entries(names)) {
    if (RESERVED_SCHEMA.test(name)) {
      throw new ConfigError(
        `options.${option} is ${JSON.stringify(name)}, a name that PostgreSQL or leasehold keeps for itself.`,
      )
    }
  }
  if (new Set(Object.values(names)).size < 3) {
    throw new ConfigError(
      'options.schema, options.partsSchema and options.detachedSchema must be three schemas: the application uses the first, and must not use the others.',
    )
  }
}
