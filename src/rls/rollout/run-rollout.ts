import { setTimeout as sleep } from 'node:timers/promises'
import type { CatalogClient } from '../catalog/catalog-client.ts'
import { describeSchema } from '../policy/describe/describe-schema.ts'
import type { PolicyOptions } from '../policy/policy-options.ts'
import { type PolicyPlan, planPolicy } from '../policy/policy-plan.ts'
import { SchemaRefusedError } from '../policy/schema-refused-error.ts'
import { boundedClient } from './answered-within.ts'
import { refusePooler } from './direct-connection.ts'
import { findRowsWithoutTenant } from './find-rows-without-tenant.ts'
import { isConnectionGone, lostAt } from './lost-connection.ts'
import type { RolloutClient } from './observe.ts'
import { planRollout } from './plan-rollout.ts'
import { RolloutError } from './rollout-error.ts'
import { ROLLOUT_LIMITS } from './rollout-limits.ts'
import type { RolloutReport, RolloutRun } from './rollout-run.ts'
import { runSteps } from './run-steps.ts'
import { RESET_SETTINGS } from './step-text.ts'

export type { RolloutEvent, RolloutReport, RolloutRun } from './rollout-run.ts'

/** For the backend of a run that was killed to notice that its client is gone. */
const LOCK_WAIT_MS = 3_000
const LOCK_EVERY_MS = 250
const LOCK = "pg_catalog.hashtextextended('leasehold rls rollout', 0)"
const UNLOCK = `select pg_catalog.pg_advisory_unlock(${LOCK})`
/** For what reads the catalogs. */
const CATALOGS_MS = 60_000

/**
 * Makes a schema right while it is in use, step by step. A run that was killed is taken up again by the next one.
 *
 * @param client connected to PostgreSQL itself as the owner of the tables or a superuser, in no transaction and used by
 *   nobody else, without a `query_timeout`. After an error whose reason is `lost` it is to be closed
 * @throws {RolloutError} {@link SchemaRefusedError}
 * @throws {ConfigError} when the role does not exist, or an option is no name of a setting
 */
export async function runRollout(
  client: RolloutClient,
  options: PolicyOptions,
  run: RolloutRun = {},
): Promise<RolloutReport> {
  await refusePooler(client)
  const limits = { ...ROLLOUT_LIMITS, ...run.limits }
  const catalogs = boundedClient(client, CATALOGS_MS)
  // A backend whose client is gone ends what it does; not every system can tell it so.
  await catalogs.query("set client_connection_check_interval = '1s'").catch(() => {})
  await takeLock(catalogs)
  let isLost = false
  try {
    const plan = await planNow(catalogs, options)
    const planning = { observe: run.observeMs !== undefined }
    const steps = planRollout(plan, planning)
    const problems = await findRowsWithoutTenant(boundedClient(client, limits.longTimeoutMs), plan, limits)
    if (problems.length > 0) throw new SchemaRefusedError(problems)
    await catalogs.query('set search_path = pg_catalog')
    const done = await runSteps(client, steps, limits, run)
    return { done, left: planRollout(await planNow(catalogs, options), planning) }
  } catch (error) {
    isLost = isConnectionGone(error) || (error instanceof RolloutError && error.reason === 'lost')
    throw isLost ? lostAt(undefined, error) : error
  } finally {
    // A connection that is gone has taken its lock and its settings along; one that is silent would not answer here either.
    if (!isLost) await catalogs.query(RESET_SETTINGS + UNLOCK).catch(() => {})
  }
}

async function planNow(client: CatalogClient, options: PolicyOptions): Promise<PolicyPlan> {
  await client.query('begin isolation level repeatable read read only')
  try {
    return planPolicy(await describeSchema(client, options), options)
  } finally {
    // Where the connection is gone, the first error says so.
    await client.query('rollback').catch(() => {})
  }
}

/** @throws {RolloutError} when another run has it */
async function takeLock(client: CatalogClient): Promise<void> {
  for (let waitedMs = 0; waitedMs <= LOCK_WAIT_MS; waitedMs += LOCK_EVERY_MS) {
    const { rows } = await client.query(`select pg_catalog.pg_try_advisory_lock(${LOCK}) as taken`)
    const [answer] = rows as readonly { readonly taken: boolean }[]
    if (answer?.taken) return
    await sleep(LOCK_EVERY_MS)
  }
  throw new RolloutError(
    'busy',
    'Another rollout is under way in this database. Wait for it to end, then run this again. Nothing was changed.',
  )
}
