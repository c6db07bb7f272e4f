import { quoteName } from '../../../sql/quote.ts'
import type { ForeignKey } from './foreign-keys.ts'
import { migrationName } from './migration-name.ts'
import { scopedKeyName } from './scope-key.ts'

/**
 * The statements that make a foreign key compare tenants, and its actions leave the tenant alone. They fail, and change nothing,
 * where rows of different tenants refer to each other already. Undefined where there is no such foreign key that does
 * the same otherwise.
 */
export function scopeForeignKey(key: ForeignKey): string | undefined {
  const tail = scopedTail(key)
  if (tail === undefined || (key.crosses && !key.canBeScoped)) return undefined
  const temporary = quoteName(migrationName('tenant', key.constraintName))
  const parent = `${key.parentTenant}, ${key.parentColumns}`
  const scoped = key.crosses
    ? `foreign key (${key.childTenant}, ${key.columns}) references ${key.parent} (${parent})`
    : `foreign key (${key.columns}) references ${key.parent} (${key.parentColumns})`
  // Until PostgreSQL 18 a partitioned table's cannot be added without checking its rows.
  const apart = !key.childPartitioned || !key.validated
  return [
    ...(key.crosses && !key.hasScopedKey ? [scopedKey(key, parent)] : []),
    `alter table ${key.child} add constraint ${temporary} ${scoped}${tail}${apart ? ' NOT VALID' : ''};`,
    ...(apart && key.validated ? [`alter table ${key.child} validate constraint ${temporary};`] : []),
    `alter table ${key.child} drop constraint ${key.constraint};`,
    `alter table ${key.child} rename constraint ${temporary} to ${key.constraint};`,
  ].join('\n')
}

function scopedKey(key: ForeignKey, columns: string): string {
  const name = scopedKeyName(key.parentName, key.parentTenantName, key.parentColumnNames)
  return `create unique index if not exists ${quoteName(name)} on ${key.parent} (${columns});`
}

/** What follows the columns: MATCH, the actions, DEFERRABLE. */
function scopedTail(key: ForeignKey): string | undefined {
  const { definition, prefix, onUpdate, onDelete } = key
  // One with PERIOD (PostgreSQL 18) begins otherwise.
  if (!definition.startsWith(prefix) || onUpdate === 'n' || onUpdate === 'd') return undefined
  let tail = definition.slice(prefix.length).replace(/ NOT VALID$/, '')
  if (tail.startsWith(' MATCH FULL')) {
    // It would refuse a row that has a tenant and refers to nothing; over one column it means what MATCH SIMPLE means.
    if (key.width > 1 && key.nullable) return undefined
    if (key.crosses && key.width === 1) tail = tail.slice(' MATCH FULL'.length)
  }
  if (onDelete !== 'n' && onDelete !== 'd') return tail
  if (!key.sets) {
    // Without a list the action takes the tenant away with the rest.
    if (key.settable === null || tail.startsWith(' MATCH FULL')) return undefined
    return tail.replace(/ ON DELETE SET (?:NULL|DEFAULT)/, (action) => `${action} (${key.settable})`)
  }
  return key.crosses ? tail : undefined
}
