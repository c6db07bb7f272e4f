import { setTimeout as sleep } from 'node:timers/promises'
import type { CatalogClient } from '../../rls/catalog/catalog-client.ts'
import type { PartitionStep, StepRelation } from '../plan/step.ts'
import { answeringWithin } from './answered-within.ts'
import type { ReplicaReader } from './apply-options.ts'
import type { LockHolder } from './lock-holders.ts'
import { deferred, isOver, type StepOutcome, type StepRun } from './step-run.ts'

const DEFAULT_BUDGET_MS = 60_000
const LOOK_EVERY_MS = 50
const ANSWER_MS = 5_000

/** A physical replica has the oids of its primary. The lock of what is being replayed is not one of a reader. */
const READERS = `select held.pid, activity.application_name as application, activity.state, held.mode,
  coalesce(extract(epoch from pg_catalog.clock_timestamp() - activity.xact_start) * 1000, 0)::pg_catalog.float8 as "ageMs"
from pg_catalog.pg_locks as held left join pg_catalog.pg_stat_activity as activity on activity.pid = held.pid
where held.locktype = 'relation' and held.relation = $1::pg_catalog.oid and held.granted and held.pid <> pg_catalog.pg_backend_pid()
  and held.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
  and activity.backend_type is distinct from 'startup'
order by "ageMs" desc`

/** Who uses a partition on a replica. */
export async function readersOn(
  client: CatalogClient,
  { oid, schema, name }: StepRelation,
): Promise<readonly LockHolder[]> {
  const { rows } = await client.query(READERS, [oid])
  return (rows as readonly Omit<LockHolder, 'table'>[]).map((row) => ({ ...row, table: `${schema}.${name}` }))
}

/** Waits until no session of any replica uses the partition of a step, whose detach would cancel it there. */
export async function passGate(run: StepRun, step: PartitionStep): Promise<StepOutcome> {
  const { replicas = [], gateBudgetMs = DEFAULT_BUDGET_MS, signal } = run.options
  const { relation } = step
  if (!relation || replicas.length === 0) return { outcome: 'done', attempts: 1 }
  const begun = performance.now()
  for (let attempts = 1; ; attempts++) {
    const over = isOver(run, step)
    if (over) return { ...over, attempts }
    const busy = await firstBusy(replicas, relation)
    if (!busy) return { outcome: 'done', attempts }
    if (performance.now() - begun >= gateBudgetMs || busy.readers.length === 0)
      return kept(step, relation, busy, attempts)
    run.waits({
      step,
      attempt: attempts,
      sqlState: undefined,
      holders: busy.readers,
      againInMs: LOOK_EVERY_MS,
    })
    await sleep(LOOK_EVERY_MS, undefined, signal ? { signal } : {}).catch(() => {})
  }
}

interface BusyReplica {
  readonly name: string
  /** None where the replica could not be asked. */
  readonly readers: readonly LockHolder[]
}

async function firstBusy(
  replicas: readonly ReplicaReader[],
  relation: StepRelation,
): Promise<BusyReplica | undefined> {
  for (const { name, client } of replicas) {
    try {
      const readers = await readersOn(answeringWithin(client, ANSWER_MS), relation)
      if (readers.length > 0) return { name, readers }
    } catch {
      return { name, readers: [] }
    }
  }
  return undefined
}

function kept(
  step: PartitionStep,
  { schema, name }: StepRelation,
  busy: BusyReplica,
  attempts: number,
): StepOutcome {
  const why =
    busy.readers.length === 0
      ? `The replica ${busy.name} could not be asked who reads ${schema}.${name}`
      : `${busy.readers.length} sessions of the replica ${busy.name} use ${schema}.${name}, the oldest for ${((busy.readers[0]?.ageMs ?? 0) / 1_000).toFixed(1)} s`
  return deferred(
    'replica',
    `${why}. ${step.id} and what follows it is left to the next run: a detach would cancel them.`,
    { attempts, holders: busy.readers },
  )
}
