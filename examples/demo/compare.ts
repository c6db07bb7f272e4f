import type { ClientBase } from 'pg'
import { measure, type Tally } from './measure.ts'
import { planOperations } from './mix.ts'
import type { Operation } from './operations.ts'
import type { Pooler } from './pooler.ts'
import type { Progress } from './progress.ts'
import { Score, type VariantResult } from './score.ts'
import type { Targets } from './targets.ts'
import { VARIANT_NAMES, type Variant, type VariantName } from './tenant-access.ts'
import { connectVariant } from './variants/connect-variant.ts'
import { inspectWrittenRows } from './written-rows.ts'

/** How many operations of a variant are under way at any time; it has as many connections to pgbouncer. */
const CALLERS = 32
const WARM_UP_OPERATIONS = 512
const COUNTED_OPERATIONS = 2_000
/** Short ones, in turn: a busy moment of the machine falls on every variant. A multiple of their number. */
const ROUNDS = 6

/** What a comparison works with. */
export interface ComparisonOptions {
  readonly pooler: Pooler
  /** A session that policies do not hold. */
  readonly admin: ClientBase
  readonly targets: readonly Targets[]
  readonly seed: number
  /** How long the timed rounds of all variants take together, roughly. */
  readonly seconds: number
  readonly progress: Progress
  /** Makes it reject early. */
  readonly signal: AbortSignal
}

/** Has every variant do the same operations. */
export async function compare(options: ComparisonOptions): Promise<readonly VariantResult[]> {
  const { admin, progress } = options
  const scores = VARIANT_NAMES.map((name) => new Score(name))

  progress.step('Counting round trips')
  for (const score of scores) await countRoundTrips(score, options)

  progress.step('Running the variants in turn')
  await takeTurns(scores, options)

  progress.step('Checking who owns the rows that were written')
  const results: VariantResult[] = []
  for (const score of scores) results.push(score.summarize(await inspectWrittenRows(admin, score.name)))
  progress.done()
  return results
}

/** Counted by a proxy in front of pgbouncer. It works in this process, so this round is not timed. */
async function countRoundTrips(score: Score, options: ComparisonOptions): Promise<void> {
  const { proxy, countedUrlFor } = options.pooler
  await using variant = connect(score.name, countedUrlFor)
  // All connections are opened before the count begins; leasehold asks each once what a fresh session looks like.
  score.add(await run(variant, score, plan(0, WARM_UP_OPERATIONS, options), options))
  proxy.resetCounts()
  const tally = await run(variant, score, plan(1, COUNTED_OPERATIONS, options), options)
  score.add(tally)
  score.roundTripsPerOperation = proxy.counts.roundTrips / tally.operations
}

/** Past the proxy, round by round; who begins changes from round to round. */
async function takeTurns(scores: readonly Score[], options: ComparisonOptions): Promise<void> {
  await using pools = new AsyncDisposableStack()
  const players = scores.map((score) => ({
    score,
    variant: pools.use(connect(score.name, options.pooler.urlFor)),
  }))
  let secondsPerOperation = 0
  for (const { score, variant } of players) {
    const tally = await run(variant, score, plan(2, WARM_UP_OPERATIONS, options), options)
    score.add(tally)
    secondsPerOperation += tally.seconds / tally.operations
  }
  const count = Math.ceil(options.seconds / secondsPerOperation / ROUNDS)
  for (let round = 0; round < ROUNDS; round += 1) {
    const operations = plan(3 + round, count, options)
    for (const [turn] of players.entries()) {
      const player = players[(round + turn) % players.length]
      if (!player) continue
      const { score, variant } = player
      score.addTimed(await run(variant, score, operations, options))
      score.serverConnections = Math.max(
        score.serverConnections,
        await countServerConnections(score.name, options),
      )
    }
  }
}

function connect(name: VariantName, urlFor: (name: VariantName) => string): Variant {
  return connectVariant(name, { connectionString: urlFor(name), max: CALLERS })
}

function plan(round: number, count: number, { seed, targets }: ComparisonOptions): readonly Operation[] {
  return planOperations(seed, round, targets, count)
}

function run(
  variant: Variant,
  score: Score,
  operations: readonly Operation[],
  { progress, signal }: ComparisonOptions,
): Promise<Tally> {
  const before = score.foreignRows
  const onProgress = (tally: { operations: number; foreignRows: number }) =>
    progress.update(
      `${variant.name} ${tally.operations}/${operations.length}, ${before + tally.foreignRows} foreign rows`,
    )
  return measure(variant, operations, { callers: CALLERS, onProgress, signal })
}

/** As PostgreSQL sees them; pgbouncer passes the pool's application name on. */
async function countServerConnections(name: VariantName, { admin }: ComparisonOptions): Promise<number> {
  const { rows } = await admin.query<{ connections: number }>(
    "select count(*)::int as connections from pg_stat_activity where usename = 'app' and application_name = $1",
    [name],
  )
  return rows[0]?.connections ?? 0
}
