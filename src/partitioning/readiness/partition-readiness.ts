import type { CatalogClient } from '../../rls/catalog/catalog-client.ts'
import { monthsAhead } from '../check/months-ahead.ts'
import { coveredUntil, type Span } from '../check/spans.ts'
import type { PartitionSet } from '../definition/partition-options.ts'
import { READINESS_QUERY } from './readiness-query.ts'

const US_PER_DAY = 86_400_000_000n

/** Beyond 30, so that whoever asks once a day is told 30 days before. */
const DAYS_AHEAD = 31

/** How much time has to be left. */
export interface ReadinessOptions {
  /** Days for which rows must go on being taken for a service to be ready. @default 31 */
  readonly daysAhead?: number
  /** The clock to judge by, in microseconds of the Unix epoch. @default the server's */
  readonly nowUs?: bigint
}

/** Whether rows will go on being taken. */
export interface PartitionReadiness {
  readonly ready: boolean
  readonly tables: readonly TableReadiness[]
}

/** One table of it. */
export interface TableReadiness {
  /** `schema.name`, unquoted. */
  readonly table: string
  readonly ready: boolean
  /** Whole months that exist behind the month of the clock, without a hole; -1 where not even that one exists. */
  readonly monthsAhead: number
  /** From when on rows are refused; nothing where a partition reaches to MAXVALUE. */
  readonly refusesFrom: Date | undefined
}

/**
 * Says for a service's readiness check whether the months ahead exist: it turns red long before rows are refused, also where the job, or
 * what should have started it, has been dead from the first day. One statement, over `pg_catalog` only: the application's role may run it,
 * without any right on the schema of partitions; so may one on a replica.
 */
export async function partitionReadiness(
  client: CatalogClient,
  set: PartitionSet,
  { daysAhead = DAYS_AHEAD, nowUs }: ReadinessOptions = {},
): Promise<PartitionReadiness> {
  const { rows } = await client.query(READINESS_QUERY, [
    set.schema,
    set.tables.map(({ name }) => name),
    set.tables.map(({ keyType }) => keyType),
    nowUs === undefined ? null : String(nowUs),
  ])
  const found = rows[0] as Row
  const clockUs = BigInt(found.now_us)
  const tables = set.tables.map(({ name }) =>
    judge(`${set.schema}.${name}`, spansOf(found, name), clockUs, BigInt(daysAhead) * US_PER_DAY),
  )
  return { ready: tables.every(({ ready }) => ready), tables }
}

interface Row {
  readonly now_us: string
  readonly names: readonly string[]
  readonly lows: readonly (string | null)[]
  readonly highs: readonly (string | null)[]
}

function spansOf({ names, lows, highs }: Row, name: string): readonly Span[] {
  return names.flatMap((owner, index) =>
    owner === name ? [{ lowUs: instant(lows[index]), highUs: instant(highs[index]) }] : [],
  )
}

function instant(text: string | null | undefined): bigint | undefined {
  return text === null || text === undefined ? undefined : BigInt(text)
}

function judge(table: string, spans: readonly Span[], nowUs: bigint, neededUs: bigint): TableReadiness {
  const untilUs = coveredUntil(spans, nowUs)
  return {
    table,
    ready: untilUs === undefined || untilUs - nowUs >= neededUs,
    monthsAhead: monthsAhead(untilUs, nowUs),
    refusesFrom: untilUs === undefined ? undefined : new Date(Number(untilUs / 1000n)),
  }
}
