import { expect, it } from 'vitest'
import { Admission } from '../../src/admission/admission.ts'
import { Caller } from './support/caller.ts'

const CALLERS = 200_000
const ROUNDS = 5

/** Nanoseconds for one caller to be queued and later admitted, with as many tenants waiting at once. */
function costNs(tenants: number): number {
  const names = Array.from({ length: tenants }, (_, index) => `tenant-${index}`)
  let best = Infinity
  for (let round = 0; round < ROUNDS; round += 1) {
    const admission = new Admission(1)
    let holder = new Caller('holder')
    const take = (caller: Caller) => {
      holder = caller
    }
    const callers = Array.from(
      { length: CALLERS },
      (_, index) => new Caller(names[index % tenants] ?? '', Infinity, take),
    )
    admission.enter(holder, 0)
    const startedAt = performance.now()
    for (const caller of callers) admission.enter(caller, 0)
    while (admission.waiting > 0) admission.release(holder, 1)
    best = Math.min(best, ((performance.now() - startedAt) * 1e6) / CALLERS)
  }
  return best
}

it('queues and admits a caller in less than a microsecond', { retry: 2 }, () => {
  const figures = [1, 100, 10_000].map((tenants) => [tenants, Math.round(costNs(tenants))] as const)
  console.info(`enter + admit, ns: ${figures.map(([tenants, ns]) => `${tenants} tenants ${ns}`).join(', ')}`)
  for (const [, ns] of figures) expect(ns).toBeLessThan(1_000)
})
