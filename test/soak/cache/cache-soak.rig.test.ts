import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Rig } from '../../../src/testing/rig/rig.ts'
import type { SoakPlaces } from './cache-under-test.ts'
import { PROTOCOLS } from './protocols.ts'
import { runCacheSoak } from './run-cache-soak.ts'
import { startCacheRig } from './soak-places.ts'

const HITS = 100_000
const WRITES = 200
const NAIVE_MS = 10_000

describe('four processes on a primary, two replicas that lag, and Redis', () => {
  let rig: Rig
  let places: SoakPlaces

  beforeAll(async () => {
    ;({ rig, places } = await startCacheRig())
  })

  afterAll(() => rig.stop())

  it('are never given what was overwritten, however they are killed', { timeout: 240_000 }, async () => {
    const result = await runCacheSoak({
      protocol: 'leasehold',
      places,
      seed: 1,
      hits: HITS,
      writes: WRITES,
      limitMs: 180_000,
      crashEvery: 600,
    })
    expect(result.stale).toEqual([])
    expect(result.hits).toBeGreaterThanOrEqual(HITS)
    expect(result.writes).toBeGreaterThanOrEqual(WRITES)
  })

  const naive = Object.keys(PROTOCOLS).filter((name) => name !== 'leasehold')

  it.each(naive)('are given what was overwritten by: %s', { timeout: 30_000 }, async (protocol) => {
    const result = await runCacheSoak({
      protocol,
      places,
      seed: 1,
      hits: Number.POSITIVE_INFINITY,
      limitMs: NAIVE_MS,
      crashEvery: 100,
      writeEveryMs: 50,
      stopAtStale: true,
    })
    expect(result.stale.length).toBeGreaterThan(0)
  })
})
