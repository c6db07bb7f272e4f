import { describe, expect, it } from 'vitest'
import { judge } from '../../../src/cache/fences/judge.ts'

const EPOCH = 'life1234-1'
const GENS = [`${EPOCH}.aaaa`, `${EPOCH}.bbbb`]
const FENCES = [`${GENS[0]}|?|`, `${GENS[1]}|00000000000000FF|`]

describe('an entry', () => {
  const judged = (fences: (string | undefined)[], gens: string[] = GENS, epoch = EPOCH) =>
    judge({ epoch, fences }, gens)

  it('holds while every fence has its generation and nothing is pending', () => {
    expect(judged(FENCES)).toBe('holds')
  })

  it.each([
    ['missing', [undefined, FENCES[1]]],
    ['missing', [FENCES[0], undefined]],
    ['overwritten', [FENCES[0], `${EPOCH}.cccc|?|`]],
    ['overwritten', [`${GENS[0]}a|?|`, FENCES[1]]],
    ['overwritten', [`${GENS[0]?.slice(0, -1)}|?|`, FENCES[1]]],
    ['pending', [`${FENCES[0]}t:1:e`, FENCES[1]]],
    ['pending', [FENCES[0], `${EPOCH}.cccc|?|t:1:e`]],
    ['foreign', [FENCES[0], `life12345-1.bbbb|?|`]],
    ['foreign', [`life1234-10.aaaa|?|`, FENCES[1]]],
    ['foreign', ['', FENCES[1]]],
    ['overwritten', []],
    ['overwritten', [FENCES[0]]],
    ['overwritten', [...FENCES, FENCES[0]]],
    ['overwritten', [FENCES[1], FENCES[0]]],
  ] as const)('is %s under %j', (judgement, fences) => {
    expect(judged([...fences])).toBe(judgement)
  })

  it('of another life does not hold, even if its fences are as it left them', () => {
    expect(judged(FENCES, GENS, 'life1234-2')).toBe('foreign')
    expect(judged(FENCES, GENS, 'life123')).toBe('foreign')
  })

  it('without fences does not hold', () => {
    expect(judged([], [])).toBe('overwritten')
  })
})
