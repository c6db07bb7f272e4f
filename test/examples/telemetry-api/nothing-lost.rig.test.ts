import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { expect, it } from 'vitest'
import { ANNA, GRETA, LIAM } from '../../../examples/schema/seed/cast.ts'
import { startTelemetryApi } from '../support/start-telemetry-api.ts'

const EVENTS_PER_SECOND = 1_000
const EVENTS_A_BATCH = 20
const SECONDS = process.env.LEASEHOLD_TEST_SIZE === 'full' ? 60 : 8
const RETRY_MS = 100

it(`stores each of ${EVENTS_PER_SECOND} events a second once, over ${SECONDS} s in which its database is killed`, async () => {
  await using resources = new AsyncDisposableStack()
  const { rig, url, signIn } = await startTelemetryApi(resources)
  const tokens = await Promise.all([ANNA, LIAM, GRETA].map(signIn))
  const counts = { acknowledged: 0, repeated: 0, refused: 0, late: 0 }

  /** As an app does it: the same batch under the same key, until there is an answer. */
  const tell = async (batch: number) => {
    const key = randomUUID()
    const events = Array.from({ length: EVENTS_A_BATCH }, (_, index) => ({
      kind: `batch.${batch}`,
      source: 'test',
      value: index,
      happened_at: new Date().toISOString(),
    }))
    for (;;) {
      const response = await fetch(`${url}/v1/events`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${tokens[batch % tokens.length]}`,
          'idempotency-key': key,
        },
        body: JSON.stringify({ events }),
      })
      await response.arrayBuffer()
      if (response.ok) {
        counts.acknowledged += 1
        if (response.status === 200) counts.repeated += 1
        return
      }
      expect([503, 504]).toContain(response.status)
      counts.refused += 1
      await sleep(RETRY_MS)
    }
  }

  const batches = (EVENTS_PER_SECOND / EVENTS_A_BATCH) * SECONDS
  const startedAtMs = performance.now()
  const restarted = sleep((SECONDS * 1_000) / 3).then(async () => {
    await rig.primary.kill()
    await sleep(500)
    await rig.primary.restart()
  })
  const told: Promise<void>[] = []
  for (let batch = 0; batch < batches; batch += 1) {
    const dueInMs = startedAtMs + (batch * 1_000 * EVENTS_A_BATCH) / EVENTS_PER_SECOND - performance.now()
    if (dueInMs > 0) await sleep(dueInMs)
    else if (dueInMs < -1_000) counts.late += 1
    told.push(tell(batch))
  }
  await restarted
  await Promise.all(told)

  const admin = new Client({ connectionString: rig.primary.adminUrl() })
  await admin.connect()
  resources.defer(() => admin.end())
  const { rows } = await admin.query<{ kind: string; events: string; distinct: string }>(
    'select kind, count(*) as events, count(distinct value) as distinct from events group by kind',
  )
  console.log({ ...counts, stored: rows.length, seconds: (performance.now() - startedAtMs) / 1_000 })
  expect(counts.acknowledged).toBe(batches)
  expect(rows.length).toBe(batches)
  const whole = String(EVENTS_A_BATCH)
  expect(rows.filter(({ events, distinct }) => events !== whole || distinct !== whole)).toEqual([])
  // The kill was felt, or this showed nothing.
  expect(counts.refused).toBeGreaterThan(0)
}, 240_000)
