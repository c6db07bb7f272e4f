import { describe, expect, it } from 'vitest'
import { TurnCounter } from '../../../../src/testing/rig/proxy/turn-counter.ts'

function count(arrivals: string): { clientFlushes: number; roundTrips: number } {
  const turns = new TurnCounter()
  const sum = { clientFlushes: 0, roundTrips: 0 }
  for (const who of arrivals) {
    if (who === 'c' && turns.clientSpoke()) sum.clientFlushes += 1
    if (who === 's' && turns.serverSpoke()) sum.roundTrips += 1
    if (who === '!') turns.forget()
  }
  return sum
}

describe('turn counter', () => {
  it.each([
    ['', 0, 0],
    ['s', 0, 0],
    ['c', 1, 0],
    ['cs', 1, 1],
    ['cccsss', 1, 1],
    ['cscscs', 3, 3],
    ['ccscss', 2, 2],
    ['scsc', 2, 1],
    ['c!s', 1, 0],
    ['c!cs', 2, 1],
  ])('counts %j as %i flushes and %i round trips', (arrivals, clientFlushes, roundTrips) => {
    expect(count(arrivals)).toEqual({ clientFlushes, roundTrips })
  })
})
