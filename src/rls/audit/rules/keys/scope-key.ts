import { quoteName } from '../../../sql/quote.ts'
import { migrationName } from './migration-name.ts'
import type { UnscopedKey } from './tenant-keys.ts'

/**
 * The statements that put the tenant column in front of a key. Every row that fits the old key fits the new one, so they fail on
 * no data. Undefined where the key cannot be replaced without asking: it identifies rows to replication, is of an
 * access method that cannot compare tenants, or something else refers to it.
 *
 * @param referrersMended how many of the foreign keys that refer to it refer to another key by then
 */
export function scopeKey(key: UnscopedKey, referrersMended: number): string | undefined {
  if (key.replicaIdentity || key.referrers > referrersMended) return undefined
  if (key.constraint !== null && (key.partitioned || key.method !== 'btree')) return redefine(key)
  const { table, tenant, constraint, indexDefinition: definition, indexPrefix: prefix } = key
  if (key.method !== 'btree' || !definition.startsWith(prefix)) return undefined
  const isPlain = definition === `${prefix}${key.columns.join(', ')})`
  const name = isPlain
    ? scopedKeyName(key.tableName, key.tenantName, key.columnNames)
    : migrationName('tenant', key.indexBareName)
  const widened = `${quoteName(name)} on ${table} using btree (${tenant}, ${definition.slice(prefix.length)};`
  if (constraint === null) return replaceIndex(key, name, widened)
  const kind = key.kind === 'p' ? 'primary key' : 'unique'
  const timing = key.deferrable ? ` deferrable${key.initiallyDeferred ? ' initially deferred' : ''}` : ''
  return [
    `create unique index ${isPlain ? 'if not exists ' : ''}${widened}`,
    `alter table ${table} drop constraint ${constraint}, add constraint ${constraint} ${kind} using index ${quoteName(name)}${timing};`,
  ].join('\n')
}

/**
 * What the unique index over the tenant and these columns is called while a migration runs. A foreign key that has to be mended and
 * the key that it referred to make the same one, so that only the first does. PostgreSQL itself gives no such name, as an index that
 * is a constraint's already cannot become another's.
 */
export function scopedKeyName(table: string, tenant: string, columns: readonly string[]): string {
  return migrationName(table, tenant, ...columns, 'scoped')
}

function replaceIndex({ schema, index, indexName }: UnscopedKey, name: string, widened: string): string {
  return [
    `create unique index ${widened}`,
    `drop index ${index};`,
    `alter index ${schema}.${quoteName(name)} rename to ${indexName};`,
  ].join('\n')
}

/** For what no index can be made a constraint of: partitioned tables, EXCLUDE, WITHOUT OVERLAPS. */
function redefine(key: UnscopedKey): string | undefined {
  const { table, tenant, constraint, constraintDefinition: definition, comparesTenants } = key
  const start =
    key.kind === 'x'
      ? `EXCLUDE USING ${key.method} (`
      : /^(?:PRIMARY KEY|UNIQUE NULLS NOT DISTINCT|UNIQUE) \(/.exec(definition ?? '')?.[0]
  if (!definition || !start || !definition.startsWith(start) || !comparesTenants) return undefined
  const column = key.kind === 'x' ? `${tenant} WITH =` : tenant
  return `alter table ${table} drop constraint ${constraint}, add constraint ${constraint} ${start}${column}, ${definition.slice(start.length)};`
}
