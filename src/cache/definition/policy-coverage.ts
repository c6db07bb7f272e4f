import { CacheDefinitionError } from '../../errors/cache.ts'
import type { CachedTable } from '../catalog/read-tables.ts'

/** What of a definition its coverage is judged by. */
export interface CoverageOptions {
  readonly name: string
  readonly tables: readonly string[]
  readonly policyTags: readonly string[]
  readonly vary: 'context' | 'tenant'
}

/** `schema.name` of what was named without its schema. */
export function qualifiedName(table: string): string {
  return table.includes('.') ? table : `public.${table}`
}

/**
 * Refuses a definition whose values can change without a tag of theirs, or be shared by those who may not see the same.
 *
 * @param known the tables of the database
 * @param settings names of the declared settings
 * @returns the tables of the definition
 * @throws {CacheDefinitionError}
 */
export function coveredTables(
  { name, tables, policyTags, vary }: CoverageOptions,
  known: ReadonlyMap<string, CachedTable>,
  settings: readonly string[],
): readonly CachedTable[] {
  const found = tables.map((table) => {
    const state = known.get(qualifiedName(table))
    if (!state) throw noTable(name, table)
    return state
  })
  const covered = new Set([...tables, ...policyTags].map(qualifiedName))
  const missing = found.flatMap(({ policyTables }) => policyTables).filter((table) => !covered.has(table))
  if (missing.length > 0) throw uncovered(name, [...new Set(missing)])
  if (vary === 'tenant') {
    const read = settings.filter((setting) => found.some(({ policies }) => policies.includes(`'${setting}'`)))
    if (read.length > 0) throw sharedTooWidely(name, read)
  }
  return found
}

/**
 * Refuses a value that depends on tables which the definition does not name.
 *
 * @param read what a load has read
 * @throws {CacheDefinitionError}
 */
export function refuseUndeclared(
  { name, tables, policyTags }: Omit<CoverageOptions, 'vary'>,
  read: readonly string[],
): void {
  const covered = new Set([...tables, ...policyTags].map(qualifiedName))
  const missing = read.filter((table) => !covered.has(table))
  if (missing.length === 0) return
  throw new CacheDefinitionError(
    `The cache definition "${name}" reads ${list(missing)}, which it does not name, be it in a policy or in a function. ` +
      'Name them in `tables`, with tags that their writes invalidate, or in `policyTags`. Nothing was cached.',
  )
}

function noTable(name: string, table: string): CacheDefinitionError {
  return new CacheDefinitionError(
    `The cache definition "${name}" names the table "${table}", which the database does not have. Name it as schema.name; ` +
      'tables that were made after createCache() are not known to it.',
  )
}

function uncovered(name: string, missing: readonly string[]): CacheDefinitionError {
  return new CacheDefinitionError(
    `Policies of the tables of the cache definition "${name}" read ${list(missing)}: when a row there changes, so does what ` +
      'may be seen. Give `policyTags` a function for each, and invalidate its tag wherever those rows are written.',
  )
}

function sharedTooWidely(name: string, read: readonly string[]): CacheDefinitionError {
  return new CacheDefinitionError(
    `The cache definition "${name}" has vary: 'tenant', but policies of its tables read ${list(read)}: the users of a tenant do ` +
      "not see the same rows. Leave it at vary: 'context'.",
  )
}

function list(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ')
}
