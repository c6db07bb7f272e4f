import { describe, expect, it } from 'vitest'
import { checkOf } from './invariants.ts'
import { printPath } from './print.ts'
import { Protocol } from './protocol.ts'
import { search } from './search.ts'
import { MISTAKES, REDUCED, type Variant, WRONG_ANSWERS } from './variants.ts'

/** The shortest way to what must not be. */
const breakIt = (variant: Variant) => {
  const protocol = new Protocol(variant.rules, variant.setting)
  const { broken } = search(protocol, checkOf(protocol, variant.invariants), { maxStates: 1_000_000 })
  if (!broken) return undefined
  console.log(`${variant.name}: ${broken.path.steps.length} steps\n${printPath(protocol, broken.path)}`)
  return broken
}

describe('a protocol that lacks one of the rules', () => {
  it.each(REDUCED)('serves an overwritten value until its time to live is over: $name', (variant) => {
    expect(breakIt(variant)?.invariant).toBe('not stuck')
  })

  it.each(MISTAKES)('does so by a mistake in the settling: $name', (variant) => {
    expect(breakIt(variant)?.invariant).toBe('not stuck')
  })

  it.each(WRONG_ANSWERS)('answers a call with what was overwritten before it: $name', (variant) => {
    expect(['answers', 'kept']).toContain(breakIt(variant)?.invariant)
  })

  it.each([...REDUCED, ...MISTAKES, ...WRONG_ANSWERS])(
    'does so in as few steps where states that mean the same count once: $name',
    (variant) => {
      const shortest = (isReduced: boolean) => {
        const protocol = new Protocol(variant.rules, { ...variant.setting, isReduced })
        return search(protocol, checkOf(protocol, variant.invariants)).broken?.path.steps.length
      }
      expect(shortest(true)).toBe(shortest(false))
    },
  )
})
