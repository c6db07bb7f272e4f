import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RetryBudget } from '../../../src/router/retry/retry-budget.ts'

/** How many retries there are now. */
function drain(budget: RetryBudget): number {
  let retries = 0
  while (retries < 1_000 && budget.mayRetry()) retries += 1
  return retries
}

describe('the retry budget', () => {
  it('begins full, and is empty after that many retries', () => {
    expect(drain(new RetryBudget())).toBe(10)
  })

  it('gives one retry for each ten requests, exactly', () => {
    const budget = new RetryBudget()
    drain(budget)
    for (let i = 0; i < 9; i += 1) budget.countRequest()
    expect(budget.mayRetry()).toBe(false)
    budget.countRequest()
    expect(budget.mayRetry()).toBe(true)
    expect(budget.mayRetry()).toBe(false)
  })

  it('saves up no more than its cap', () => {
    const budget = new RetryBudget({ cap: 3 })
    for (let i = 0; i < 1_000; i += 1) budget.countRequest()
    expect(drain(budget)).toBe(3)
  })

  it('gives none where the ratio and the cap are nothing', () => {
    const budget = new RetryBudget({ ratio: 0, cap: 0 })
    budget.countRequest()
    expect(budget.mayRetry()).toBe(false)
  })

  it('adds no more than its part to the load, however requests and failures come', () => {
    const events = fc.array(fc.boolean(), { maxLength: 400 })
    const property = fc.property(
      events,
      fc.constantFrom(0.05, 0.1, 0.2, 0.5),
      fc.nat({ max: 12 }),
      (list, ratio, cap) => {
        const budget = new RetryBudget({ ratio, cap })
        let [requests, retries] = [0, 0]
        for (const isRequest of list) {
          if (isRequest) {
            budget.countRequest()
            requests += 1
          } else if (budget.mayRetry()) retries += 1
          expect(retries).toBeLessThanOrEqual(cap + ratio * requests + 1e-6)
        }
      },
    )
    fc.assert(property)
  })
})
