import { describe, expect, it } from 'vitest'
import { SharedFlight } from '../../../src/cache/read/shared-flight.ts'
import { TrailingFlight } from '../../../src/cache/read/trailing-flight.ts'

/** Work whose end is in the test's hands. */
function manual() {
  const started: { resolve: (value: number) => void; reject: (error: Error) => void }[] = []
  const work = () => new Promise<number>((resolve, reject) => started.push({ resolve, reject }))
  return { started, work }
}

const settle = async () => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
}

describe('a trailing flight', () => {
  it('never gives what had begun before it was asked: those who ask meanwhile share the next one', async () => {
    const flights = new TrailingFlight<number>()
    const { started, work } = manual()
    const first = flights.run('k', work)
    const others = [flights.run('k', work), flights.run('k', work), flights.run('k', work)]
    await settle()
    expect(started).toHaveLength(1)
    started[0]?.resolve(1)
    await settle()
    expect(started).toHaveLength(2)
    started[1]?.resolve(2)
    expect(await first).toBe(1)
    expect(await Promise.all(others)).toEqual([2, 2, 2])
  })

  it('runs the next one also when the one before it has failed', async () => {
    const flights = new TrailingFlight<number>()
    const { started, work } = manual()
    const first = flights.run('k', work)
    const second = flights.run('k', work)
    started[0]?.reject(new Error('lost'))
    await expect(first).rejects.toThrow('lost')
    await settle()
    started[1]?.resolve(2)
    expect(await second).toBe(2)
  })

  it('has at most one running and one queued, and leaves nothing behind', async () => {
    const flights = new TrailingFlight<number>()
    let running = 0
    let most = 0
    let runs = 0
    const work = async () => {
      runs += 1
      running += 1
      most = Math.max(most, running)
      await settle()
      running -= 1
      return runs
    }
    const asked: Promise<number>[] = []
    for (let round = 0; round < 50; round += 1) {
      asked.push(flights.run('k', work))
      await Promise.resolve()
    }
    await Promise.all(asked)
    await settle()
    expect(most).toBe(1)
    expect(runs).toBeLessThan(20)
    expect(flights.size).toBe(0)
  })

  it('keeps keys apart', async () => {
    const flights = new TrailingFlight<string>()
    expect(await Promise.all([flights.run('a', async () => 'a'), flights.run('b', async () => 'b')])).toEqual(
      ['a', 'b'],
    )
  })
})

describe('a shared flight', () => {
  it('is joined while it runs, and begun anew afterwards, whatever became of it', async () => {
    const flights = new SharedFlight<number>()
    const { started, work } = manual()
    const both = [flights.run('k', work), flights.run('k', work)]
    started[0]?.reject(new Error('lost'))
    expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    const again = flights.run('k', work)
    started[1]?.resolve(2)
    expect(await again).toBe(2)
    expect(started).toHaveLength(2)
    expect(flights.size).toBe(0)
  })
})
