import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Admission } from '../../src/admission/admission.ts'
import { Caller } from './support/caller.ts'

const WEIGHTS: Readonly<Record<string, number>> = { a: 1, b: 2, c: 1.5, d: 1 }

/** What admission is to do, written down as plainly as possible: with arrays, and looking at everything each time. */
class Model {
  readonly capacity: number
  readonly quantum: number
  nowMs = 0
  inside: number[] = []
  queues: { tenant: string; credit: number; waiting: number[] }[] = []
  readonly deadlines: number[] = []

  constructor(capacity: number, quantum: number) {
    this.capacity = capacity
    this.quantum = quantum
  }

  allowance(tenant: string): number {
    return this.quantum * (WEIGHTS[tenant] ?? 1)
  }

  enter(tenant: string, deadlineMs: number): void {
    const id = this.deadlines.push(deadlineMs) - 1
    if (this.inside.length < this.capacity) {
      this.inside.push(id)
      return
    }
    const queue = this.queues.find((other) => other.tenant === tenant)
    if (queue) queue.waiting.push(id)
    else this.queues.push({ tenant, credit: this.allowance(tenant), waiting: [id] })
  }

  leave(id: number): void {
    for (const queue of this.queues) queue.waiting = queue.waiting.filter((other) => other !== id)
    this.queues = this.queues.filter((queue) => queue.waiting.length > 0)
  }

  release(id: number): void {
    this.inside = this.inside.filter((other) => other !== id)
    for (let [queue] = this.queues; queue; [queue] = this.queues) {
      if (queue.credit < 1) {
        queue.credit += this.allowance(queue.tenant)
        this.queues = [...this.queues.slice(1), queue]
        continue
      }
      const [first = Number.NaN] = queue.waiting
      const inTime = (this.deadlines[first] ?? 0) > this.nowMs
      this.leave(first)
      if (!inTime) continue
      queue.credit -= 1
      this.inside.push(first)
      return
    }
  }

  get waiting(): number[] {
    return this.queues.flatMap((queue) => queue.waiting)
  }
}

interface Real {
  readonly admission: Admission
  readonly callers: Caller[]
  readonly admissions: Caller[]
}

type Command = fc.Command<Model, Real>

function sameInBoth(model: Model, { admission, callers, admissions }: Real): void {
  const state = (wanted: string) =>
    callers.flatMap((caller, id) => (caller.state === wanted ? [id] : [])).sort((x, y) => x - y)
  const sorted = (ids: readonly number[]) => [...ids].sort((x, y) => x - y)
  expect(state('admitted')).toEqual(sorted(model.inside))
  expect(state('waiting')).toEqual(sorted(model.waiting))
  const { inUse, waiting, tenantsWaiting } = admission.snapshot()
  expect({ inUse, waiting, tenantsWaiting }).toEqual({
    inUse: model.inside.length,
    waiting: model.waiting.length,
    tenantsWaiting: model.queues.length,
  })
  // Never idle while somebody waits, never more than the capacity.
  expect(inUse).toBeLessThanOrEqual(model.capacity)
  if (waiting > 0) expect(inUse).toBe(model.capacity)
  // First come, first served within a tenant; and nobody who had to wait is admitted at the deadline or later.
  const latest = new Map<string, number>()
  for (const caller of admissions) {
    const { tenant, ticket, admittedAtMs = Number.NaN, enteredAtMs, deadlineMs } = caller
    if (admittedAtMs > enteredAtMs && !(admittedAtMs < deadlineMs)) throw new Error('admitted too late')
    const number = callers.indexOf(caller, latest.get(tenant) ?? 0)
    if (number < 0) throw new Error(`overtaken by ticket ${ticket} of the same tenant`)
    latest.set(tenant, number)
  }
  const linked = callers.filter(({ state, before, behind }) => state !== 'waiting' && (before || behind))
  expect(linked).toEqual([])
}

const enter = (tenant: string, patienceMs: number): Command => ({
  check: () => true,
  run(model, real) {
    model.enter(tenant, model.nowMs + patienceMs)
    const caller = new Caller(tenant, model.nowMs + patienceMs, (admitted) => real.admissions.push(admitted))
    real.callers.push(caller)
    real.admission.enter(caller, model.nowMs)
    sameInBoth(model, real)
  },
  toString: () => `enter(${tenant}, patience ${patienceMs} ms)`,
})

const leave = (nth: number): Command => ({
  check: (model) => model.waiting.length > 0,
  run(model, real) {
    const id = model.waiting[nth % model.waiting.length] ?? 0
    model.leave(id)
    expect(real.admission.leave(real.callers[id] as Caller)).toBe(true)
    sameInBoth(model, real)
  },
  toString: () => `leave(${nth})`,
})

const release = (nth: number): Command => ({
  check: (model) => model.inside.length > 0,
  run(model, real) {
    const id = model.inside[nth % model.inside.length] ?? 0
    model.release(id)
    real.admission.release(real.callers[id] as Caller, model.nowMs)
    sameInBoth(model, real)
  },
  toString: () => `release(${nth})`,
})

const pass = (ms: number): Command => ({
  check: () => true,
  run(model) {
    model.nowMs += ms
  },
  toString: () => `pass(${ms} ms)`,
})

const tenant = fc.constantFrom(...Object.keys(WEIGHTS))

describe('admission next to its model', () => {
  it('does the same for every history of callers that come, wait, give up, expire and go', () => {
    const history = fc.commands(
      [
        fc.tuple(tenant, fc.integer({ min: 1, max: 60 })).map(([name, ms]) => enter(name, ms)),
        tenant.map((name) => enter(name, Infinity)),
        fc.nat({ max: 50 }).map(leave),
        fc.nat({ max: 50 }).map(release),
        fc.nat({ max: 50 }).map(release),
        fc.integer({ min: 1, max: 20 }).map(pass),
      ],
      { maxCommands: 200, size: 'max' },
    )
    const size = fc.integer({ min: 1, max: 4 })
    const property = fc.property(size, size, history, (capacity, quantum, commands) => {
      const weight = (id: string) => WEIGHTS[id] ?? 1
      const setup = () => ({
        model: new Model(capacity, quantum),
        real: { admission: new Admission(capacity, { weight }, quantum), callers: [], admissions: [] },
      })
      fc.modelRun(setup, commands)
    })
    fc.assert(property, { numRuns: 500 })
  })
})
