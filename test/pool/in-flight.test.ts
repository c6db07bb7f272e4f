import { describe, expect, it } from 'vitest'
import { InFlight } from '../../src/pool/in-flight.ts'

describe('work in flight', () => {
  it('is empty at once when nothing has begun', async () => {
    await new InFlight<string>().empty()
  })

  it('is empty when all that has begun has ended, also what began meanwhile, and what failed', async () => {
    const inFlight = new InFlight<string>()
    const [one, other] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    let isEmpty = false
    const first = inFlight.track('one', () => one.promise)
    const empty = inFlight.empty().then(() => {
      isEmpty = true
    })
    const second = inFlight.track('other', () => other.promise)
    expect(inFlight.list()).toEqual(['one', 'other'])
    one.resolve()
    await first
    await new Promise(setImmediate)
    expect(isEmpty).toBe(false)
    other.reject(new Error('mine'))
    await expect(second).rejects.toThrow('mine')
    await empty
    expect(inFlight.list()).toEqual([])
  })
})
