import { describe, expect, it } from 'vitest'
import { readEvidence, writeEvidence } from '../../../src/cache/fences/evidence-text.ts'
import { isMarked, lsnDigits, readFence } from '../../../src/cache/fences/fence-value.ts'
import { readLeaseAnswer } from '../../../src/cache/fences/lease-answer.ts'
import { readReading, stampOf } from '../../../src/cache/fences/reading.ts'
import { endText } from '../../../src/cache/fences/script-arguments.ts'
import { readStoreAnswer } from '../../../src/cache/fences/store-answer.ts'
import { UnreadableReplyError } from '../../../src/cache/redis/failure.ts'

describe('a fence', () => {
  it('is read', () => {
    expect(readFence('e.g|?|')).toEqual({ gen: 'e.g', floor: undefined, marks: [] })
    expect(readFence('e.g|00000001000000FF|a:12:x,b:34:y')).toEqual({
      gen: 'e.g',
      floor: 0x1_0000_00ffn,
      marks: [
        { token: 'a', deadlineMs: 12, evidence: 'x' },
        { token: 'b', deadlineMs: 34, evidence: 'y' },
      ],
    })
    expect([isMarked('e.g|?|'), isMarked('e.g|?|a:1:x')]).toEqual([false, true])
  })

  it.each(['', 'x', 'a|b', '|?|', 'g|FF|', 'g|00000001000000fg|', 'g|?|a|b'])('is not %j', (text) => {
    expect(readFence(text)).toBeUndefined()
  })

  it('has positions of one length', () => {
    expect(lsnDigits(0n)).toBe('0'.repeat(16))
    expect(lsnDigits(2n ** 64n - 1n)).toBe('F'.repeat(16))
    expect(endText({ outcome: 'committed', lsn: 255n })).toBe('00000000000000FF')
    expect(endText({ outcome: 'committed', lsn: undefined })).toBe('?')
    expect(endText({ outcome: 'aborted' })).toBe('')
  })
})

describe('evidence', () => {
  it('is read as it was written, whatever is in it', () => {
    for (const incarnation of ['', '2026-11-23 01:02:03.4+00,0000:1|é\n', '🐘']) {
      const text = writeEvidence({ xid: '18446744073709551615', incarnation })
      expect(text).toMatch(/^[A-Za-z0-9_-]+$/)
      expect(readEvidence(text)).toEqual({ xid: '18446744073709551615', incarnation })
    }
  })

  it.each([
    '',
    '!',
    'e30',
    Buffer.from('[1,"a"]').toString('base64url'),
    Buffer.from('["x","a"]').toString('base64url'),
  ])('that cannot be read is of no life of a server: %j', (text) => {
    expect(readEvidence(text)).toEqual({ xid: '3', incarnation: '' })
  })
})

describe('an answer of Redis', () => {
  const bytes = (text: string) => Buffer.from(text)

  it('is a reading, whose stamp changes with every change of a fence', () => {
    const read = (...fences: (string | null)[]) =>
      readReading(
        'e',
        ['f1', 'f2'],
        null,
        fences.map((text) => (text === null ? null : bytes(text))),
      )
    expect(read('e.a|?|', null)).toMatchObject({
      fences: ['e.a|?|', undefined],
      isPending: false,
      value: undefined,
    })
    expect(read('e.a|?|', 'e.b|?|t:1:e')).toMatchObject({ isPending: true, pending: ['f2'] })
    const stamps = [read('e.a|?|', null), read(null, 'e.a|?|'), read('e.a|?|', ''), read('e.a|?|', 'e.b|?|')]
    expect(new Set(stamps.map(stampOf)).size).toBe(3)
  })

  it.each([[[]], [[null]], [[null, null, null]], [['text', null]], [[1, null]], [[[], null]]])(
    'is no reading: %j',
    (replies) => {
      expect(() => readReading('e', ['f1', 'f2'], null, replies)).toThrow(UnreadableReplyError)
    },
  )

  it('is none where the value is no text', () => {
    expect(() => readReading('e', ['f1'], 7, [null])).toThrow('value')
  })

  it('is a lease', () => {
    const read = (...reply: unknown[]) => readLeaseAnswer('e', ['f1'], reply)
    expect(read(bytes('load'), bytes('12'), bytes('e.a|?|'))).toEqual({
      kind: 'load',
      gens: ['e.a'],
      floors: [undefined],
      ordinal: '12',
    })
    expect(read(bytes('wait'), 12)).toEqual({ kind: 'wait', remainingMs: 12 })
    expect(read(bytes('wait'), -2)).toEqual({ kind: 'wait', remainingMs: 0 })
    expect(read(bytes('hit'), bytes('v'), bytes('e.a|?|'))).toMatchObject({
      kind: 'hit',
      reading: { value: bytes('v') },
    })
    expect(read(bytes('pending'), bytes(''), bytes('e.a|?|t:1:e'))).toEqual({
      kind: 'pending',
      pending: ['f1'],
    })
  })

  it.each([
    ['OK'],
    [null],
    [[]],
    [['load', '12']],
    [['load', 'x', bytes('e.a|?|')]],
    [['load', '12', null]],
    [['load', '12', bytes('rubbish')]],
    [['wait', 'long']],
    [['other', '12', bytes('e.a|?|')]],
  ])('is no lease: %j', (reply) => {
    expect(() => readLeaseAnswer('e', ['f1'], reply)).toThrow()
  })

  it('says whether something was stored', () => {
    expect(readStoreAnswer(bytes('stored'))).toBe('stored')
    for (const reply of ['OK', null, 1, []]) expect(() => readStoreAnswer(reply)).toThrow('stored')
  })
})
