import { describe, expect, it } from 'vitest'
import { Admission } from '../../src/admission/admission.ts'
import type { AdmissionRules } from '../../src/admission/admission-rules.ts'
import { ConfigError, QueueFullError } from '../../src/errors/index.ts'
import { Caller } from './support/caller.ts'

/** An admission of one place, which `holder` has. */
function busy(rules?: AdmissionRules) {
  const admission = new Admission(1, rules)
  const holder = new Caller('holder')
  admission.enter(holder, 0)
  const enter = (tenant: string, nowMs = 0, deadlineMs = Infinity) => {
    const caller = new Caller(tenant, deadlineMs)
    admission.enter(caller, nowMs)
    return caller
  }
  return { admission, holder, enter }
}

describe('admission', () => {
  it('admits at once while there are places, and no more callers than there are places', () => {
    const admission = new Admission(2)
    const callers = ['a', 'b', 'c'].map((tenant) => new Caller(tenant))
    for (const caller of callers) admission.enter(caller, 5)
    expect(callers.map((caller) => caller.admittedAtMs)).toEqual([5, 5, undefined])
    expect(admission.snapshot()).toMatchObject({ capacity: 2, inUse: 2, waiting: 1, tenantsWaiting: 1 })
  })

  it('serves a tenant that comes while another has a long queue with the very next place', () => {
    const { admission, holder, enter } = busy()
    const noisy = Array.from({ length: 1_000 }, () => enter('noisy'))
    const first = noisy[0] as Caller
    admission.release(holder, 1)
    expect(first.admittedAtMs).toBe(1)
    const victim = enter('victim', 2)
    admission.release(first, 3)
    expect(victim.admittedAtMs).toBe(3)
  })

  it('gives a place back once only, however often that is asked', () => {
    const { admission, holder, enter } = busy()
    const [next, last] = [enter('a'), enter('a')]
    admission.release(holder, 1)
    admission.release(holder, 2)
    expect([next.admittedAtMs, last.admittedAtMs]).toEqual([1, undefined])
  })

  it('takes no place from a caller that still waits, or has left', () => {
    const { admission, enter } = busy()
    const waiting = enter('a')
    admission.release(waiting, 1)
    expect(admission.snapshot()).toMatchObject({ inUse: 1, waiting: 1 })
    expect(admission.leave(waiting)).toBe(true)
    admission.release(waiting, 2)
    expect(admission.snapshot()).toMatchObject({ inUse: 1, waiting: 0 })
  })

  it('lets a caller leave the queue once, and never after it was admitted', () => {
    const { admission, holder, enter } = busy()
    const waiting = enter('a')
    expect([admission.leave(waiting), admission.leave(waiting), admission.leave(holder)]).toEqual([
      true,
      false,
      false,
    ])
    expect(admission.snapshot()).toMatchObject({ inUse: 1, waiting: 0, tenantsWaiting: 0 })
  })

  it('passes over callers whose deadline has come, tells them, and charges their tenant nothing', () => {
    const { admission, holder, enter } = busy()
    const late = enter('a', 0, 10)
    const patient = enter('a', 0, 11)
    const other = enter('b', 0)
    admission.release(holder, 10)
    expect(late).toMatchObject({ state: 'gone', expiredAtMs: 10, admittedAtMs: undefined })
    expect(patient.admittedAtMs).toBe(10)
    expect(other.state).toBe('waiting')
  })

  it('keeps a place free when all who waited have expired', () => {
    const { admission, holder, enter } = busy()
    const late = Array.from({ length: 3 }, () => enter('a', 0, 10))
    admission.release(holder, 20)
    expect(late.map((caller) => caller.expiredAtMs)).toEqual([20, 20, 20])
    expect(admission.snapshot()).toMatchObject({ inUse: 0, waiting: 0, tenantsWaiting: 0 })
    expect(enter('b', 21).admittedAtMs).toBe(21)
  })

  it('refuses a caller beyond the limit of all tenants, with the figures', () => {
    const { admission, enter } = busy({ maxQueue: 3 })
    for (const tenant of ['a', 'a', 'b']) enter(tenant)
    const refused = expect(() => enter('a'))
    refused.toThrow(QueueFullError)
    refused.toThrow(
      'The queue for a connection is full: 3 callers of 2 tenants wait, 2 of them of this tenant, and ' +
        'options.admission.maxQueue is 3.',
    )
    expect(admission.snapshot().waiting).toBe(3)
  })

  it('refuses a caller beyond the limit of its tenant, and none of another', () => {
    const { enter } = busy({ maxQueuePerTenant: 2, maxQueue: 100 })
    enter('a')
    enter('a')
    let error: unknown
    try {
      enter('a')
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(QueueFullError)
    expect(error).toMatchObject({
      code: 'LSH_ERR_QUEUE_FULL',
      retryable: true,
      scope: 'tenant',
      limit: 2,
      queue: { waiting: 2, tenants: 1, waitingOfTenant: 2, ahead: 2 },
    })
    expect(enter('b').state).toBe('waiting')
  })

  it('limits those who wait, not those who are admitted', () => {
    const admission = new Admission(1, { maxQueue: 0 })
    const [first, second] = [new Caller('a'), new Caller('a')]
    admission.enter(first, 0)
    expect(() => admission.enter(second, 0)).toThrow(QueueFullError)
    admission.release(first, 1)
    admission.enter(new Caller('a'), 2)
    expect(admission.snapshot().admitted).toBe(2)
  })

  it.each([[0], [0.5], [Number.NaN], [Infinity], ['2']])(
    'refuses %s as a weight, from the first call on and not only under load',
    (weight) => {
      const admission = new Admission(1, { weight: () => weight as number })
      expect(() => admission.enter(new Caller('a'), 0)).toThrow(ConfigError)
      expect(admission.snapshot()).toMatchObject({ inUse: 0, waiting: 0 })
    },
  )

  it('says how many of its tenant are before a caller', () => {
    const { admission, holder, enter } = busy()
    enter('b')
    const callers = Array.from({ length: 5 }, () => enter('a'))
    const ahead = () => callers.map((caller) => admission.countsFor(caller).ahead)
    expect(ahead()).toEqual([0, 1, 2, 3, 4])
    admission.leave(callers[0] as Caller)
    expect(ahead().slice(1)).toEqual([0, 1, 2, 3])
    admission.release(holder, 1)
    expect(admission.countsFor(callers[4] as Caller)).toEqual({
      waiting: 4,
      tenants: 1,
      waitingOfTenant: 4,
      ahead: 3,
    })
  })

  it('counts admissions, and how long those who had to wait did so', () => {
    const { admission, holder, enter } = busy()
    const [short, long] = [enter('a', 10), enter('b', 10)]
    admission.release(holder, 15)
    admission.release(short, 40)
    admission.release(long, 50)
    expect(admission.snapshot()).toEqual({
      capacity: 1,
      inUse: 0,
      waiting: 0,
      tenantsWaiting: 0,
      admitted: 3,
      admittedAfterWait: 2,
      waitedMs: 35,
      waitedMaxMs: 30,
    })
  })

  it('takes snapshots that stay as they are', () => {
    const { admission, enter } = busy()
    const before = admission.snapshot()
    enter('a')
    expect(before.waiting).toBe(0)
    expect(Object.isFrozen(before)).toBe(true)
  })

  it('names the tenants with the longest queues, longest first', () => {
    const { admission, enter } = busy()
    for (const tenant of ['a', 'b', 'b', 'c', 'c', 'c']) enter(tenant)
    expect(admission.longestQueues(2)).toEqual([
      { tenant: 'c', waiting: 3 },
      { tenant: 'b', waiting: 2 },
    ])
  })
})
