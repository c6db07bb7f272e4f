import { isServerError } from '../../errors/server-error.ts'
import type { CatalogClient } from '../../rls/catalog/catalog-client.ts'
import { quoteName } from '../../rls/sql/quote.ts'
import type { KeyType } from '../definition/partition-options.ts'

/** How many rows of a table lie in a month; `month` is nothing for keys that are infinite or null. */
export interface MonthCount {
  readonly month: number | null
  readonly rows: number
}

/** `insufficient_privilege`: what `row_security = off` makes of a query that policies would filter. */
const WOULD_BE_FILTERED = '42501'

/**
 * Counts the rows of a table by the months of UTC that their keys lie in. Reads the whole table.
 *
 * @returns nothing where row security would hide rows from the one who asks
 */
export async function countMonths(
  client: CatalogClient,
  ident: string,
  key: string,
  keyType: KeyType,
): Promise<readonly MonthCount[] | undefined> {
  const time = timeOf(quoteName(key), keyType)
  await client.query('begin read only')
  try {
    await client.query('set local row_security = off')
    const { rows } = await client.query(
      `select (case when isfinite(at) then extract(year from at) * 12 + extract(month from at) - 1 end)::int4 as month, count(*)::float8 as rows
       from (select ${time} as at from ${ident}) as timed group by 1 order by 1`,
    )
    return rows as readonly MonthCount[]
  } catch (error) {
    if (isServerError(error) && error.code === WOULD_BE_FILTERED) return undefined
    throw error
  } finally {
    await client.query('rollback')
  }
}

/** A key as a timestamp of UTC. The first 48 bits of a uuidv7 are milliseconds of the Unix epoch. */
function timeOf(key: string, keyType: KeyType): string {
  if (keyType === 'timestamptz') return `${key} at time zone 'UTC'`
  if (keyType !== 'uuidv7') return `${key}::timestamp`
  const bits = `('x' || substr(replace(${key}::text, '-', ''), 1, 12))::bit(48)::int8`
  return `to_timestamp(${bits} / 1000.0) at time zone 'UTC'`
}
