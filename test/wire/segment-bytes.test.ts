import { serialize } from 'pg-protocol'
import { describe, expect, it } from 'vitest'
import type { SegmentOrder } from '../../src/wire/prepared-statements.ts'
import { segmentBytes } from '../../src/wire/segment-bytes.ts'
import { ownStatement } from '../../src/wire/statement.ts'
import { Random } from '../support/random.ts'

const random = new Random(20_261_122)
const LETTERS = ['a', 'Z', '0', "'", 'é', '–', '語', '🙂', '\ud800']

/** A text of any length up to a limit; now and then one that is longer than a slab. */
function text(limit: number): string {
  const length = random.chance(1) ? 70_000 : random.below(limit)
  const plain = random.chance(50)
  return Array.from({ length }, () => LETTERS[random.below(plain ? 4 : LETTERS.length)]).join('')
}

function value(): string | Buffer | null {
  if (random.chance(10)) return null
  return random.chance(20) ? Buffer.from(text(200)) : text(100)
}

function anyOrder(): SegmentOrder {
  const times = <T>(limit: number, make: () => T) => Array.from({ length: random.below(limit) }, make)
  return {
    closeBefore: times(3, () => text(30).slice(0, 30)),
    statements: times(4, () => ({
      statement: {
        ...ownStatement(''),
        values: times(6, value),
        describe: random.chance(50),
        flush: random.chance(20),
      },
      name: text(40).slice(0, 40),
      parse: random.chance(50) ? text(1_500) : undefined,
    })),
    closeAfter: times(2, () => text(30).slice(0, 30)),
  }
}

/** The same messages as node-postgres writes them. */
function byNodePostgres(order: SegmentOrder, binary: boolean): Buffer {
  const close = (name: string) => serialize.close({ type: 'S', name })
  return Buffer.concat([
    ...order.closeBefore.map(close),
    ...order.statements.flatMap(({ statement, name, parse }) => [
      ...(parse === undefined ? [] : [serialize.parse({ name, text: parse })]),
      serialize.bind({
        statement: name,
        values: [...statement.values],
        binary: binary && statement.describe,
      }),
      ...(statement.describe ? [serialize.describe({ type: 'P' })] : []),
      serialize.execute(),
      ...(statement.flush ? [serialize.flush()] : []),
    ]),
    ...order.closeAfter.map(close),
    serialize.sync(),
  ])
}

describe('the bytes of a segment', () => {
  it('are those that node-postgres writes', () => {
    for (let count = 0; count < 5_000; count += 1) {
      const order = anyOrder()
      const binary = random.chance(50)
      if (!segmentBytes(order, binary).equals(byNodePostgres(order, binary))) {
        expect(segmentBytes(order, binary)).toEqual(byNodePostgres(order, binary))
      }
    }
  })

  it('stay as they are while further segments are built', () => {
    const kept = Array.from({ length: 2_000 }, () => {
      const order = anyOrder()
      return { bytes: segmentBytes(order, false), order }
    })
    for (const { bytes, order } of kept) expect(bytes.equals(byNodePostgres(order, false))).toBe(true)
  })
})
