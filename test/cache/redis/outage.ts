import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import type { FencedKeys } from '../../../src/cache/fences/fenced-keys.ts'
import type { Fences } from '../../../src/cache/fences/fences.ts'
import { CacheUnavailableError } from '../../../src/errors/cache.ts'

/** Milliseconds that the calls of these tests may take. */
export const TIMEOUT_MS = 50

/** Milliseconds that a call took; it must have failed. */
export async function failing(call: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  const error = await call().then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  const tookMs = performance.now() - startedAt
  expect(error).toBeInstanceOf(CacheUnavailableError)
  return tookMs
}

/** The first call fails within the limit, and later ones, once the breaker is open, at once. */
export async function expectQuickFailures(fences: Fences, keys: FencedKeys): Promise<void> {
  const startedAt = performance.now()
  const [first, limit] = await Promise.all([failing(() => fences.read(keys)), lateness(startedAt)])
  expect(first).toBeLessThan(limit + 10)
  const giveUpAt = performance.now() + 1_000
  while (fences.epoch(keys.value) !== undefined && performance.now() < giveUpAt) {
    await failing(() => fences.read(keys))
  }
  const tooks: number[] = []
  for (let round = 0; round < 20; round += 1) {
    for (let call = 0; call < 50; call += 1) tooks.push(await failing(() => fences.read(keys)))
    await sleep(10)
  }
  tooks.sort((a, b) => a - b)
  expect(tooks[Math.floor(tooks.length * 0.99)]).toBeLessThan(1)
}

/** Milliseconds until calls are answered again. */
export async function recovery(fences: Fences, keys: FencedKeys): Promise<number> {
  const startedAt = performance.now()
  for (;;) {
    const isBack = await fences.read(keys).then(
      () => true,
      () => false,
    )
    const tookMs = performance.now() - startedAt
    if (isBack) return tookMs
    if (tookMs > 10_000) throw new Error(`Not back: ${JSON.stringify(fences.snapshot())}`)
    await sleep(2)
  }
}

/** When the limit is over by this process's own clock, which on a busy machine is late as well. */
async function lateness(startedAt: number): Promise<number> {
  await sleep(TIMEOUT_MS)
  return performance.now() - startedAt
}
