import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Leasehold, ReadRefusedError } from '../../src/index.ts'
import type { Router } from '../../src/router/index.ts'
import type { Rig } from '../../src/testing/rig/rig.ts'
import { TENANT_A, TENANT_B } from '../support/notes.ts'
import { openFleet, startNotesRig } from './support/fleet.ts'

const PLACES = 4
const READERS = 10 * PLACES
const ROUNDS = 7
const ROUND_MS = 1_000
/** Holds its place for long enough that they are all taken, and the processor for a moment. */
const READ = 'select count(*), pg_sleep(0.02) from notes'
const WRITE = `insert into notes (body) values ('x')`

const percentile = (times: readonly number[], part: number) =>
  times.toSorted((a, b) => a - b)[Math.floor(part * (times.length - 1))] ?? Number.NaN
const median = (values: readonly number[]) => percentile(values, 0.5)

describe('with all replicas dead', () => {
  let rig: Rig
  let db: Leasehold
  let router: Router

  beforeAll(async () => {
    rig = await startNotesRig()
    ;({ db, router } = openFleet(rig, { router: { shed: { maxConcurrent: PLACES } } }))
    await db.tenant(TENANT_A, { route: 'replica' }).query('select 1')
    await Promise.all(rig.standbys.map((standby) => standby.kill()))
  })
  afterAll(async () => {
    await db.close({ drainMs: 1_000 })
    await rig.stop()
  })

  async function writes() {
    const times: number[] = []
    const write = async () => {
      for (const until = performance.now() + ROUND_MS; performance.now() < until; await sleep(5)) {
        const startedAt = performance.now()
        await db.tenant(TENANT_A).query(WRITE)
        times.push(performance.now() - startedAt)
      }
    }
    await Promise.all([write(), write()])
    return percentile(times, 0.95)
  }

  /** Reads of many, who try again a little later when they are refused. */
  async function flood(until: AbortSignal, readers: number, tenant = TENANT_A) {
    const [refusals, served]: [number[], number[]] = [[], []]
    const read = async () => {
      while (!until.aborted) {
        const startedAt = performance.now()
        try {
          await db.tenant(tenant, { route: 'replica' }).query(READ)
          served.push(performance.now() - startedAt)
        } catch (error) {
          if (!(error instanceof ReadRefusedError)) throw error
          refusals.push(performance.now() - startedAt)
          await sleep(50)
        }
      }
    }
    await Promise.all(Array.from({ length: readers }, read))
    return { refusals, served }
  }

  it('reads of ten times the bulkhead leave writes as quick as they are', {
    timeout: 60_000,
    retry: 2,
  }, async () => {
    await expect
      .poll(() => router.snapshot().replicas.map(({ state }) => state), { timeout: 10_000 })
      .toEqual(['ejected', 'ejected'])
    const [quiet, loaded, refusals]: [number[], number[], number[]] = [[], [], []]
    let served = 0
    for (let round = 0; round < ROUNDS; round++) {
      quiet.push(await writes())
      const stop = new AbortController()
      const reading = flood(stop.signal, READERS)
      loaded.push(await writes())
      stop.abort()
      const ended = await reading
      refusals.push(...ended.refusals)
      served += ended.served.length
    }
    const ratio = median(loaded.map((p95, round) => p95 / (quiet[round] ?? Number.NaN)))
    console.log(
      `p95 of a write: ${median(quiet).toFixed(2)} ms alone, ${median(loaded).toFixed(2)} ms beside ${READERS} readers ` +
        `(median ratio of ${ROUNDS} rounds ${ratio.toFixed(2)}); reads served ${served}, refused ${refusals.length}, ` +
        `p50 ${median(refusals).toFixed(1)} ms, p99 ${percentile(refusals, 0.99).toFixed(1)} ms`,
    )
    expect(ratio).toBeLessThan(1.5)
    expect(refusals.length).toBeGreaterThan(100)
    expect(served).toBeGreaterThan(50)
    expect(percentile(refusals, 0.99)).toBeLessThan(50)
  })

  it('one tenant cannot take the bulkhead from the others', { timeout: 30_000, retry: 2 }, async () => {
    const stop = new AbortController()
    const flooding = flood(stop.signal, READERS, TENANT_A)
    await sleep(200)
    const ends: string[] = []
    for (let n = 0; n < 50; n++) {
      const end = await db
        .tenant(TENANT_B, { route: 'replica' })
        .query(READ)
        .then(() => 'served')
        .catch((error: Error) => error.name)
      ends.push(end)
    }
    stop.abort()
    await flooding
    const served = ends.filter((end) => end === 'served').length
    console.log(`beside the flood of another tenant, ${served} of ${ends.length} reads were served`)
    expect(served).toBeGreaterThanOrEqual(0.95 * ends.length)
  })
})
