import { describe, expect, it } from 'vitest'
import { Random } from '../support/random.ts'
import { type PassedMessage, planCuts } from './cut-plan.ts'

/** Two segments: one that opens, and one that commits. */
const MESSAGES: PassedMessage[] = [...'BES', ...'2CZ', ...'BES', ...'2CZ'].map((type, index) => ({
  direction: index % 6 < 3 ? 'client' : 'server',
  type,
  length: 6,
}))
const RECORDING = { shape: { name: 'write' }, warm: true, messages: MESSAGES }
const WAYS = 6

describe('the plan of cuts', () => {
  it('has every message in one way before it has one in two, and in the end each in every way once', () => {
    const { cuts, positions } = planCuts([RECORDING], MESSAGES.length * WAYS, new Random(1))
    expect(positions).toBe(MESSAGES.length)
    const message = ({ cut }: (typeof cuts)[number]) => `${cut.direction} ${cut.type} ${cut.message}`
    expect(new Set(cuts.slice(0, positions).map(message))).toHaveLength(positions)
    expect(new Set(cuts.map(({ place }) => place))).toHaveLength(positions * WAYS)
  })

  it('counts messages by type, and cuts a torn one inside', () => {
    const { cuts } = planCuts([RECORDING], MESSAGES.length * WAYS, new Random(1))
    const found = cuts.find(({ place }) => place === 'warm write, inside client S 1, reset')
    expect(found?.cut).toEqual({
      direction: 'client',
      type: 'S',
      message: 1,
      when: 'after',
      how: 'reset',
      since: 'armed',
      bytes: 3,
    })
  })

  it('knows by when nothing that commits can have been sent', () => {
    const { cuts } = planCuts([RECORDING], MESSAGES.length * WAYS, new Random(1))
    const isBefore = (place: string) =>
      cuts.find((cut) => cut.place === `warm write, ${place}`)?.isBeforeCommit
    expect(isBefore('after client S 0, reset')).toBe(true)
    expect(isBefore('before server Z 0, reset')).toBe(true)
    expect(isBefore('inside server Z 0, reset')).toBe(true)
    // The client has its answer, and may send the rest before it hears of the cut.
    expect(isBefore('after server Z 0, reset')).toBe(false)
    expect(isBefore('before client B 1, reset')).toBe(false)
  })
})
