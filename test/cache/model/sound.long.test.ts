import { describe, expect, it } from 'vitest'
import { checkOf, isServable } from './invariants.ts'
import { printPath } from './print.ts'
import { Protocol } from './protocol.ts'
import { type Found, search } from './search.ts'
import { JOURNALLED, SOUND, type Variant } from './variants.ts'

const isFull = process.env.LEASEHOLD_TEST_SIZE === 'full'
const sized = (variants: readonly Variant[]) => variants.filter(({ isLarge }) => isFull || !isLarge)
const MAX_STATES = 20_000_000
const TIMEOUT_MS = 300_000

const run = (variant: Variant, invariants = variant.invariants): { found: Found; told: string } => {
  const protocol = new Protocol(variant.rules, variant.setting)
  const found = search(protocol, checkOf(protocol, invariants), { maxStates: MAX_STATES })
  return { found, told: found.broken ? printPath(protocol, found.broken.path) : '' }
}

describe('the protocol of the fences, in every state that it can be in', () => {
  it.each(sized(SOUND))(
    'serves nothing that lacks what was committed: $name',
    (variant) => {
      const { found, told } = run(variant)
      console.log(`${variant.name}: ${found.states} states, ${found.edges} steps`)
      expect(told).toBe('')
      expect(found.states).toBeGreaterThan(800)
    },
    60_000,
  )

  it.each(sized(JOURNALLED))(
    'leaves nothing behind that lacks what was committed: $name',
    (variant) => {
      const { found, told } = run(variant)
      console.log(`${variant.name}: ${found.states} states, ${found.edges} steps`)
      expect(told).toBe('')
    },
    60_000,
  )

  it('with a journal, serves for a moment what was just overwritten when Redis has lost the mark', () => {
    const [variant] = JOURNALLED
    if (!variant) throw new Error('no variant')
    const { found, told } = run(variant, ['fresh'])
    console.log(told)
    expect(found.broken?.invariant).toBe('fresh')
  })

  it('always comes back to where a value is served', () => {
    const [variant] = SOUND
    if (!variant) throw new Error('no variant')
    const protocol = new Protocol(variant.rules, variant.setting)
    const { lost } = search(protocol, checkOf(protocol, []), {
      alwaysReachable: (state) => isServable(protocol, state),
    })
    expect(lost).toBe(0)
  })

  it('never does so again where nobody settles the mark of a writer that died', () => {
    const [variant] = SOUND
    if (!variant) throw new Error('no variant')
    const protocol = new Protocol(variant.rules, {
      shape: { writers: 1, readers: 1, fences: 1, resolvers: 0 },
    })
    const { lost } = search(protocol, checkOf(protocol, []), {
      alwaysReachable: (state) => isServable(protocol, state),
    })
    expect(lost).toBeGreaterThan(0)
  })

  it(
    'takes every kind of step that belongs to it',
    () => {
      const taken = new Set<string>()
      for (const variant of [...SOUND, ...JOURNALLED]) {
        if (variant.setting.shape.writers > 1 || variant.setting.shape.fences > 1) continue
        for (const [kind, times] of run(variant).found.kinds) if (times > 0) taken.add(kind)
      }
      expect(taken).not.toContain('expireMark')
      expect(taken.size).toBe(36)
    },
    TIMEOUT_MS,
  )
})
