import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { Admission } from '../../src/admission/admission.ts'
import { Caller } from './support/caller.ts'

const TENANTS = 1_000_000
/** Tenants that wait at the same time. */
const CROWD = 10_000

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

function heapUsed(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

it('keeps nothing of a million tenants that came, waited and went', { timeout: 60_000 }, () => {
  const admission = new Admission(1)
  let holder = new Caller('first')
  admission.enter(holder, 0)
  let mostWaiting = 0
  /** A crowd of tenants, of whom a third gives up, a third expires, and a third is served. */
  const crowd = (from: number) => {
    const callers: Caller[] = []
    for (let i = from; i < from + CROWD; i += 1) {
      const caller = new Caller(`tenant-${i}`, i % 3 === 0 ? 1 : Infinity, (admitted) => {
        holder = admitted
      })
      admission.enter(caller, 0)
      callers.push(caller)
    }
    mostWaiting = Math.max(mostWaiting, admission.snapshot().tenantsWaiting)
    for (const [index, caller] of callers.entries()) if (index % 3 === 1) admission.leave(caller)
    while (admission.snapshot().waiting > 0) admission.release(holder, 2)
  }
  for (let i = 0; i < TENANTS / 10; i += CROWD) crowd(i)
  const before = heapUsed()
  for (let i = TENANTS / 10; i < TENANTS; i += CROWD) crowd(i)
  const grownBytes = heapUsed() - before
  expect(mostWaiting).toBe(CROWD)
  expect(admission.snapshot()).toMatchObject({ waiting: 0, tenantsWaiting: 0 })
  expect(grownBytes).toBeLessThan(200_000)
})
