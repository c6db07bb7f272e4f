import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FairQueue } from '../../src/admission/fair-queue.ts'
import { Caller } from './support/caller.ts'

const RUNS = 200

/** A queue in which tenants wait at all times, and the record of whose turn it was. */
class Backlog {
  readonly served: string[] = []
  readonly #queue: FairQueue
  readonly #weights: Readonly<Record<string, number>>

  constructor(quantum: number, weights: Readonly<Record<string, number>>) {
    this.#queue = new FairQueue(quantum)
    this.#weights = weights
    for (const tenant of Object.keys(weights)) for (let i = 0; i < 2; i += 1) this.enter(tenant)
  }

  enter(tenant: string): Caller {
    const caller = new Caller(tenant)
    this.#queue.append(caller, this.#weights[tenant] ?? 1)
    caller.state = 'waiting'
    return caller
  }

  leave(caller: Caller): void {
    if (caller.state !== 'waiting') return
    caller.state = 'gone'
    this.#queue.remove(caller)
  }

  serve(): void {
    const caller = this.#queue.shift()
    if (!caller) return
    caller.state = 'gone'
    this.served.push(caller.tenant)
    if (caller.tenant in this.#weights) this.enter(caller.tenant)
  }
}

/** The largest difference between the shares of two tenants over any stretch of what was served. */
function largestGap(served: readonly string[], weights: Readonly<Record<string, number>>): number {
  const { a = 1, b = 1 } = weights
  let [share, lowest, highest] = [0, 0, 0]
  for (const tenant of served) {
    share += tenant === 'a' ? 1 / a : tenant === 'b' ? -1 / b : 0
    lowest = Math.min(lowest, share)
    highest = Math.max(highest, share)
  }
  return highest - lowest
}

/** What happens around tenants a and b: others come, leave and are served. */
const events = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant('serve' as const) },
    { weight: 2, arbitrary: fc.constantFrom('c', 'd', 'e') },
    { weight: 1, arbitrary: fc.nat({ max: 40 }) },
  ),
  { maxLength: 300 },
)

function play(backlog: Backlog, steps: readonly (string | number)[]): void {
  const others: Caller[] = []
  for (const step of steps) {
    if (step === 'serve') backlog.serve()
    else if (typeof step === 'string') others.push(backlog.enter(step))
    else if (others[step]) backlog.leave(others[step])
  }
}

describe('the turns of tenants', () => {
  it('serves two tenants that wait all the time in numbers that never differ by more than the quantum', () => {
    const property = fc.property(fc.integer({ min: 1, max: 8 }), events, (quantum, steps) => {
      const weights = { a: 1, b: 1 }
      const backlog = new Backlog(quantum, weights)
      play(backlog, steps)
      expect(largestGap(backlog.served, weights)).toBeLessThanOrEqual(quantum)
    })
    fc.assert(property, { numRuns: RUNS })
  })

  it('serves them in proportion to their weights, whole or not', () => {
    const weight = fc.double({ min: 1, max: 8, noNaN: true })
    const property = fc.property(weight, weight, events, (a, b, steps) => {
      const backlog = new Backlog(1, { a, b })
      play(backlog, [...steps, ...new Array<string>(200).fill('serve')])
      // A turn serves whole callers, so each side may be one off its exact share on top of the turn itself.
      expect(largestGap(backlog.served, { a, b })).toBeLessThanOrEqual(1 + 1 / a + 1 / b)
    })
    fc.assert(property, { numRuns: RUNS })
  })

  it('serves exactly in proportion over whole rounds', () => {
    const backlog = new Backlog(1, { a: 1, b: 2.5 })
    play(backlog, new Array<string>(700).fill('serve'))
    const count = (tenant: string) => backlog.served.filter((served) => served === tenant).length
    expect([count('a'), count('b')]).toEqual([200, 500])
  })

  it('makes no tenant wait for more than one turn of each that was there before it, whoever comes after', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.nat({ max: 3 }), { minLength: 120, maxLength: 120 }),
      (quantum, before, newcomers) => {
        const present = Array.from({ length: before }, (_, index) => [`t${index}`, 1] as const)
        const backlog = new Backlog(quantum, Object.fromEntries(present))
        const late = backlog.enter('late')
        let [turns, name] = [0, 0]
        while (late.state === 'waiting') {
          for (let i = newcomers[turns] ?? 0; i > 0; i -= 1) backlog.enter(`new${name++}`)
          backlog.serve()
          turns += 1
        }
        expect(turns).toBeLessThanOrEqual(before * quantum + 1)
      },
    )
    fc.assert(property, { numRuns: RUNS })
  })
})
