import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkGuarantees, type Guarantee } from '../support/guarantees/check-guarantees.ts'
import type { Operation } from '../support/guarantees/history.ts'

/**
 * Reads a history out of words such as `a:w:x3@1-2`: session a writes version 3 of key x, asked for at 1 and answered at 2. Without times
 * operations follow each other.
 */
function history(text: string): Operation[] {
  return text.split(' ').map((word, index) => {
    const [, session = '', kind, key = '', version, from, to] =
      /^(\w+):([wr]):(\w)(\d+)(?:@(\d+)-(\d+))?$/.exec(word) ?? []
    return {
      session,
      kind: kind === 'w' ? 'write' : 'read',
      key,
      version: Number(version),
      from: from === undefined ? 10 * index : Number(from),
      to: to === undefined ? 10 * index + 5 : Number(to),
    }
  })
}

const found = (text: string) => checkGuarantees(history(text)).map(({ guarantee }) => guarantee)

describe('the checker of session guarantees', () => {
  it.each<[string, Guarantee[]]>([
    ['a:w:x1 a:r:x0', ['read-your-writes']],
    ['a:w:x2 a:r:x1', ['read-your-writes']],
    ['a:w:x1 a:w:x2 a:r:x1', ['read-your-writes']],
    ['a:w:x1 a:w:y1 a:r:x0', ['read-your-writes']],
    ['a:w:x1 a:w:y1 a:r:y0', ['read-your-writes']],
    ['a:w:x1 b:w:x2 b:r:x1', ['read-your-writes']],
    ['a:w:x3 b:r:x0 a:r:x2', ['read-your-writes']],
    ['a:w:x5@0-5 a:r:x4@6-7', ['read-your-writes']],
    ['a:w:x1@0-5 a:r:x1@6-9 a:r:x0@6-10', ['read-your-writes']],
    ['a:w:x1 a:r:x1 a:w:x2 a:r:x1', ['read-your-writes']],
    ['a:w:x2 a:w:x1 a:r:x1', ['read-your-writes']],
    ['a:r:x1 a:r:x0', ['monotonic-reads']],
    ['a:r:x7 a:r:x6', ['monotonic-reads']],
    ['a:r:x2 a:r:y1 a:r:x1', ['monotonic-reads']],
    ['a:r:x2 b:r:x1 a:r:x1', ['monotonic-reads']],
    ['a:w:x1 a:r:x3 a:r:x2', ['monotonic-reads']],
    ['a:r:x3@0-5 a:r:x2@6-9', ['monotonic-reads']],
    ['a:r:x1 a:r:x2 a:r:x1 a:r:x2', ['monotonic-reads']],
    ['a:r:x3 a:r:x2 a:r:x1', ['monotonic-reads', 'monotonic-reads']],
    ['a:w:x2 a:r:x2 a:r:x1', ['read-your-writes', 'monotonic-reads']],
    ['a:w:x1 a:r:x0 a:r:x0', ['read-your-writes', 'read-your-writes']],
    ['a:w:x1 b:w:y1 a:r:x0 b:r:y0', ['read-your-writes', 'read-your-writes']],
    ['a:w:x1 a:r:x1 a:r:x0 b:r:x0', ['read-your-writes', 'monotonic-reads']],
  ])('finds what is wrong in %s', (text, guarantees) => {
    expect(found(text)).toEqual(guarantees)
  })

  it.each([
    'a:r:x0',
    'a:w:x1 a:r:x1',
    'a:w:x1 a:r:x2',
    'a:w:x1 b:r:x0',
    'a:w:x1 a:r:y0',
    'a:r:x1 b:r:x0',
    'a:r:x1 a:r:y0',
    'a:r:x1 a:r:x1 a:r:x4',
    'a:w:x1@0-9 a:r:x0@5-8',
    'a:w:x1@0-9 a:r:x0@9-12',
    'a:r:x2@0-9 a:r:x1@3-5',
    'a:w:x1@0-2 b:w:x2@0-9 a:r:x1@3-5 a:r:x2@6-7',
  ])('says nothing of %s', (text) => {
    expect(found(text)).toEqual([])
  })

  it('says nothing of what one server did, one operation after the other, in whatever order it is recorded', () => {
    const step = fc.record({
      session: fc.constantFrom('a', 'b', 'c'),
      kind: fc.constantFrom('write' as const, 'read' as const),
      key: fc.constantFrom('x', 'y'),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.integer(), (steps, seed) => {
        const versions = new Map<string, number>()
        const done = steps.map(({ session, kind, key }, index) => {
          if (kind === 'write') versions.set(key, (versions.get(key) ?? 0) + 1)
          return { session, kind, key, version: versions.get(key) ?? 0, from: 2 * index, to: 2 * index + 1 }
        })
        const shuffled = done.toSorted((one, other) => ((one.from * seed) % 7) - ((other.from * seed) % 7))
        expect(checkGuarantees(shuffled)).toEqual([])
      }),
    )
  })
})
