import { describe, expect, it } from 'vitest'
import {
  mergeStored,
  readStored,
  type StoredTokens,
  storeKey,
} from '../../../src/router/carrier/stored-tokens.ts'
import type { TokenReading } from '../../../src/router/token/token-reading.ts'
import { at, KEYS, reader, token } from '../token/tokens.ts'

const absent = { kind: 'absent' } as const
const expired: TokenReading = { kind: 'expired' }
const refused: TokenReading = { kind: 'refused', why: 'signature' }
const high: TokenReading = { kind: 'valid', token: token({ position: at(9n) }) }
const lost: TokenReading = { kind: 'valid', token: token({ position: undefined }) }

describe('what is stored for a reader', () => {
  it.each<[string, StoredTokens, unknown]>([
    ['the position', { high, lost: absent }, high],
    ['the position, where the loss is over', { high, lost: expired }, high],
    ['the loss', { high: absent, lost }, lost],
    ['the loss, where the position has expired', { high: expired, lost }, lost],
    ['nothing any more, where both have expired', { high: expired, lost: expired }, expired],
    ['nothing any more, where the one that there was has expired', { high: expired, lost: absent }, expired],
    ['refused for its position, though the loss is over', { high: refused, lost: expired }, refused],
    ['refused for its loss, though the position has expired', { high: expired, lost: refused }, refused],
    ['refused for its loss, though the position is good', { high, lost: refused }, refused],
  ])('is %s', (_what, stored, both) => {
    expect(mergeStored(stored)).toEqual(both)
  })

  it.each(['', 'x', 'x;', ';x', ';;', 'x'.repeat(1e6), ';'.repeat(1e6), `${'0'.repeat(65)};`])(
    'is not made of any other text than ours (%#)',
    (text) => {
      expect(mergeStored(readStored(KEYS, text, reader())).kind).toBe('refused')
    },
  )

  it('lies under a key of one length, and another for each reader', () => {
    const owners = [
      { tenant: 'ab', subject: 'c' },
      { tenant: 'a', subject: 'bc' },
      { tenant: '\ud800', subject: '' },
      { tenant: '\ud801', subject: '' },
      { tenant: 'x'.repeat(10_000), subject: '' },
    ]
    const keys = owners.map((owner) => storeKey('p', owner))
    expect(new Set(keys).size).toBe(owners.length)
    expect(new Set(keys.map(({ length }) => length))).toEqual(new Set([34]))
  })
})
