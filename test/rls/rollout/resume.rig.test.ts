import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RolloutError } from '../../../src/rls/rollout/rollout-error.ts'
import { runRollout } from '../../../src/rls/rollout/run-rollout.ts'
import { schemaFacts } from '../policy/support/schema-facts.ts'
import { OPTIONS, ScratchDatabase } from '../policy/support/scratch-database.ts'

const EXAMPLES = `${import.meta.dirname}/../../../examples/schema`
const CLINIC = ['01-roles.sql', 'generated/plain.sql'].map((path) =>
  readFileSync(`${EXAMPLES}/${path}`, 'utf8'),
)
const MOMENTS = ['before', 'during', 'after'] as const
type Moment = (typeof MOMENTS)[number]
/** Each step killed at one of the moments, or at all of them. */
const CHAINS: readonly (readonly [string, readonly Moment[]])[] =
  process.env.LEASEHOLD_TEST_SIZE === 'full'
    ? MOMENTS.map((moment) => [moment, [moment]])
    : [['before, during or after', MOMENTS]]
const MOST_RUNS = 150
const WAIT_MS = 5_000

const resources = new AsyncDisposableStack()
let wanted: readonly string[]

async function plainClinic(): Promise<ScratchDatabase> {
  const database = await ScratchDatabase.open(resources)
  for (const text of CLINIC) await database.admin.query(text)
  return database
}

beforeAll(async () => {
  const database = await plainClinic()
  await database.apply(await database.generate())
  wanted = await schemaFacts(database.admin)
})
afterAll(() => resources.disposeAsync())

/** Ends a session as a crash of the operator's machine would, or an administrator. */
async function kill({ admin }: ScratchDatabase, client: Client): Promise<void> {
  await admin.query('select pg_terminate_backend($1)', [(client as Client & { processID: number }).processID])
}

/**
 * Runs a rollout whose connection is killed at its second step.
 *
 * @returns whether it came to its end, because there was no second step
 */
async function runKilled(database: ScratchDatabase, when: Moment): Promise<boolean> {
  const operator = await database.connect('postgres')
  let steps = 0
  let killing: Promise<void> | undefined
  const killable = {
    on: () => {},
    removeListener: () => {},
    processID: (operator as Client & { processID: number }).processID,
    query: async (text: string, values?: readonly unknown[]) => {
      const isSecond = steps === 2 && killing === undefined && !text.startsWith('set ')
      const isNow = (moment: Moment) => {
        if (isSecond && when === moment) killing = kill(database, operator)
        return killing
      }
      await isNow('before')
      const answer = operator.query(text, values as unknown[])
      answer.catch(() => {})
      const during = isNow('during')
      const result = await answer
      await during
      await isNow('after')
      return result
    },
  }
  try {
    await runRollout(killable, OPTIONS, {
      onEvent: ({ type }) => {
        if (type === 'begin') steps += 1
      },
    })
    return true
  } catch (error) {
    expect(error).toMatchObject({ reason: 'lost', retryable: false })
    return false
  } finally {
    await killing
    await operator.end().catch(() => {})
  }
}

describe('A rollout that is killed', () => {
  it.each(CHAINS)('%s each of its steps is taken up by the next run', async (_name, moments) => {
    const database = await plainClinic()
    let runs = 1
    while (!(await runKilled(database, moments[runs % moments.length] ?? 'during'))) {
      runs += 1
      if (runs > MOST_RUNS) throw new Error('The runs make no progress.')
    }
    expect(runs).toBeGreaterThan(20)
    expect(await schemaFacts(database.admin)).toEqual(wanted)
  })

  it('while it builds an index leaves an invalid one, which the next run makes anew', async () => {
    const database = await plainClinic()
    // An index that is built concurrently waits in the end for whoever may still look at older rows.
    const reader = await database.connect('postgres')
    await reader.query('begin isolation level repeatable read')
    await reader.query('select count(*) from organizations')
    const operator = await database.connect('postgres')
    const killed = runRollout(operator, OPTIONS).catch((error: unknown) => error)
    await waitForInvalidIndex(database)
    await kill(database, operator)
    expect(await killed).toBeInstanceOf(RolloutError)
    await reader.query('commit')
    expect((await schemaFacts(database.admin)).filter((fact) => /^index.* valid f$/.test(fact))).not.toEqual(
      [],
    )

    const next = await database.connect('postgres')
    const { done, left } = await runRollout(next, OPTIONS)
    expect(done.map(({ step }) => step.purpose).join()).toContain('was begun and never came to its end')
    expect(left).toEqual([])
    expect(await schemaFacts(database.admin)).toEqual(wanted)
  })
})

describe('A rollout that is not ended', () => {
  it.each([
    ['a check that was not validated', /^From here on, a row without a tenant/],
    ['an index', /^It will hold inside/],
    ['an invalid index', /^It will hold inside/],
    ['a foreign key that was not validated', /^From here on, a row refers/],
    ['two foreign keys in place of one', /^The application sees and writes/],
    ['a foreign key less', /is checked without policies/],
    ['a key less', /_pkey holds inside/],
  ])('and has left %s, is ended by what is generated', async (left, purpose) => {
    const database = await plainClinic()
    const stop = new AbortController()
    const run = runRollout(await database.connect('postgres'), OPTIONS, {
      signal: stop.signal,
      onEvent: ({ type, step }) => {
        if (type === 'done' && purpose.test(step.purpose)) stop.abort()
      },
    })
    await expect(run).rejects.toMatchObject({ reason: 'stopped' })
    if (left === 'an invalid index') {
      await database.admin.query(
        "update pg_index set indisvalid = false where indexrelid = 'appointments_tenant_id_pkey'::regclass",
      )
    }
    await database.apply(await database.generate())
    expect(await schemaFacts(database.admin)).toEqual(wanted)
    expect(await database.generate()).toEqual([])
  })
})

/** Until an index is being built and waits for a transaction that is older than it. */
async function waitForInvalidIndex({ admin }: ScratchDatabase): Promise<void> {
  const deadline = performance.now() + WAIT_MS
  for (;;) {
    const { rows } = await admin.query(
      `select from pg_index join pg_class on pg_class.oid = indexrelid where not indisvalid and relkind = 'i'
       and exists (select from pg_locks where not granted and locktype = 'virtualxid')`,
    )
    if (rows.length > 0) return
    if (performance.now() > deadline) throw new Error('No index is being built.')
    await sleep(5)
  }
}
