import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../../src/errors/config.ts'
import { issueToken } from '../../../src/router/token/sign.ts'
import { createTokenKeys, type TokenKey } from '../../../src/router/token/token-keys.ts'
import { readToken } from '../../../src/router/token/verify.ts'
import { anyPosition, at, KEY_ONE, KEY_TWO, KEYS, NOW_MS, reader, SKEW_MS, TTL_MS, token } from './tokens.ts'

const TEXT = issueToken(KEYS, token())
const refused = (why: string) => ({ kind: 'refused', why })

describe('the text of a token', () => {
  it('is 88 characters that no cookie, header or URL minds, whatever is in it', () => {
    const bare = token({ tenant: 'é'.repeat(200), position: undefined })
    for (const text of [TEXT, issueToken(KEYS, bare)]) expect(text).toMatch(/^[A-Za-z0-9_-]{88}$/)
  })

  it('shows neither tenant nor subject, nor that two tokens have the same ones', () => {
    const bytes = Buffer.from(TEXT, 'base64url')
    const later = Buffer.from(issueToken(KEYS, token({ issuedAtMs: NOW_MS + 1 })), 'base64url')
    expect(bytes.includes('clinic') || bytes.includes('nurse')).toBe(false)
    expect(later.subarray(38, 50).equals(bytes.subarray(38, 50))).toBe(false)
  })

  it.each([
    ['a time with a fraction', { issuedAtMs: NOW_MS + 0.5 }],
    ['a time that is none', { issuedAtMs: Number.NaN }],
    ['a timeline of 33 bits', { position: at(1n, { timeline: 2 ** 32 }) }],
    ['an LSN of 65 bits', { position: at(2n ** 64n) }],
    ['an LSN below zero', { position: at(-1n) }],
    ['an empty system', { position: at(1n, { systemId: '' }) }],
    ['a system that would be read back as another text', { position: at(1n, { systemId: '007' }) }],
    ['a loss that is yet to come', { lostAtMs: NOW_MS + 1 }],
  ])('is not written of %s', (_what, parts) => {
    expect(() => issueToken(KEYS, token(parts))).toThrow(RangeError)
  })
})

describe('a token', () => {
  it('is read as it was issued', () => {
    const lost = fc.option(fc.nat(TTL_MS - 1), { nil: undefined })
    fc.assert(
      fc.property(anyPosition, lost, fc.string(), fc.string(), (position, ago, tenant, subject) => {
        const issued = token({
          tenant,
          subject,
          position,
          ...(ago !== undefined && { lostAtMs: NOW_MS - ago }),
        })
        const reading = readToken(KEYS, issueToken(KEYS, issued), reader({ tenant, subject }))
        expect(reading).toEqual({ kind: 'valid', token: issued })
      }),
      { numRuns: 2_000 },
    )
  })

  it('is read without a position too', () => {
    const issued = token({ position: undefined })
    expect(readToken(KEYS, issueToken(KEYS, issued), reader())).toEqual({ kind: 'valid', token: issued })
  })

  it('is refused after any one of its bits was flipped', () => {
    const texts = [TEXT, issueToken(KEYS, token({ position: undefined }))]
    for (const text of texts) {
      const bytes = Buffer.from(text, 'base64url')
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const flipped = Buffer.from(bytes)
        flipped[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        const reading = readToken(KEYS, flipped.toString('base64url'), reader())
        expect(reading.kind, `bit ${bit}`).toBe('refused')
      }
      for (let bit = 0; bit < text.length * 8; bit += 1) {
        const flipped = Buffer.from(text, 'latin1')
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        expect(readToken(KEYS, flipped.toString('latin1'), reader()).kind, `bit ${bit}`).toBe('refused')
      }
    }
  })

  it('is refused to another tenant and to another subject', () => {
    expect(readToken(KEYS, TEXT, reader({ tenant: 'other' }))).toEqual(refused('subject'))
    expect(readToken(KEYS, TEXT, reader({ subject: 'other' }))).toEqual(refused('subject'))
    expect(readToken(KEYS, TEXT, reader({ subject: '' }))).toEqual(refused('subject'))
  })

  it.each([
    ['a letter that moves from one to the other', ['ab', 'c'], ['a', 'bc']],
    ['a comma', ['a,b', 'c'], ['a', 'b,c']],
    ['lone surrogates that UTF-8 cannot tell apart', ['\ud800', ''], ['\ud801', '']],
  ])(
    'tells tenant and subject apart in spite of %s',
    (_what, [tenant = '', subject = ''], [other = '', who = '']) => {
      const text = issueToken(KEYS, token({ tenant, subject }))
      expect(readToken(KEYS, text, reader({ tenant, subject })).kind).toBe('valid')
      expect(readToken(KEYS, text, reader({ tenant: other, subject: who }))).toEqual(refused('subject'))
    },
  )

  it('holds until the time to live is over, and then no longer', () => {
    expect(readToken(KEYS, TEXT, reader({ nowMs: NOW_MS + TTL_MS - 1 })).kind).toBe('valid')
    expect(readToken(KEYS, TEXT, reader({ nowMs: NOW_MS + TTL_MS }))).toEqual({ kind: 'expired' })
  })

  it('may come from a clock that is ahead a little, and not from the far future', () => {
    expect(readToken(KEYS, TEXT, reader({ nowMs: NOW_MS - SKEW_MS })).kind).toBe('valid')
    expect(readToken(KEYS, TEXT, reader({ nowMs: NOW_MS - SKEW_MS - 1 }))).toEqual(refused('future'))
    const far = issueToken(KEYS, token({ issuedAtMs: 2 ** 48 - 1 }))
    expect(readToken(KEYS, far, reader())).toEqual(refused('future'))
    expect(readToken(KEYS, TEXT, reader({ nowMs: Number.NaN }))).toEqual(refused('future'))
  })

  it('forgets a loss whose time is over, and keeps the position', () => {
    const issued = token({ lostAtMs: NOW_MS - 10_000 })
    const text = issueToken(KEYS, issued)
    expect(readToken(KEYS, text, reader({ nowMs: NOW_MS + 19_999 }))).toEqual({
      kind: 'valid',
      token: issued,
    })
    const after = readToken(KEYS, text, reader({ nowMs: NOW_MS + 20_000 }))
    expect(after).toEqual({ kind: 'valid', token: { ...issued, lostAtMs: undefined } })
  })

  it.each<[string, unknown]>([
    ['nothing', ''],
    ['no string', undefined],
    ['an object', { length: 88 }],
    ['a character less', TEXT.slice(1)],
    ['a character more', `${TEXT}A`],
    ['padding', `${TEXT.slice(0, -1)}=`],
    ['the other base64 alphabet', `+${TEXT.slice(1)}`],
    ['a line end', `${TEXT.slice(0, -1)}\n`],
    ['another version', `Ag${TEXT.slice(2)}`],
    ['64 MB', 'A'.repeat(64_000_000)],
  ])('is not %s', (_what, text) => {
    const startedAt = performance.now()
    expect(readToken(KEYS, text as string, reader())).toEqual(refused('malformed'))
    expect(performance.now() - startedAt).toBeLessThan(20)
  })

  it('is none of 100,000 random texts, of which none makes it throw', () => {
    const base64 = fc
      .uint8Array({ minLength: 66, maxLength: 66 })
      .map((bytes) => Buffer.from(bytes).toString('base64url'))
    const signed = base64.map((text) => TEXT.slice(0, 8) + text.slice(8))
    const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ maxLength: 200 }), base64, signed)
    fc.assert(
      fc.property(texts, (text) => readToken(KEYS, text, reader()).kind === 'refused'),
      { numRuns: 100_000 },
    )
  })
})

describe('keys', () => {
  const old = createTokenKeys([KEY_ONE])
  const both = createTokenKeys([KEY_TWO, KEY_ONE])
  const fresh = createTokenKeys([Buffer.from(KEY_TWO)])

  it('sign with the first and verify with any, so that they can be changed without a gap', () => {
    expect(readToken(both, issueToken(old, token()), reader()).kind).toBe('valid')
    expect(readToken(fresh, issueToken(both, token()), reader()).kind).toBe('valid')
  })

  it('refuse what was signed with one that they have not', () => {
    expect(readToken(old, issueToken(both, token()), reader())).toEqual(refused('unknown-key'))
  })

  it('are not what a token with their name was signed with, if somebody else made it', () => {
    const forged = Buffer.from(issueToken(fresh, token()), 'base64url')
    forged.writeUInt32BE(Buffer.from(TEXT, 'base64url').readUInt32BE(1), 1)
    expect(readToken(KEYS, forged.toString('base64url'), reader())).toEqual(refused('signature'))
  })

  it.each<[string, unknown]>([
    ['a string of keys', KEY_ONE],
    ['none', []],
    ['31 bytes', ['x'.repeat(31)]],
    ['a number', [7]],
    ['the same twice', [KEY_ONE, Buffer.from(KEY_ONE)]],
    ['nine', Array.from({ length: 9 }, (_, index) => `${index}${KEY_ONE}`)],
  ])('are not %s', (_what, keys) => {
    expect(() => createTokenKeys(keys as TokenKey[])).toThrow(ConfigError)
  })

  it('count bytes, and print no secret', async () => {
    expect(() => createTokenKeys(['é'.repeat(16)])).not.toThrow()
    const { inspect } = await import('node:util')
    const shown = inspect(both, { depth: 9, showHidden: true }) + JSON.stringify(both)
    expect(shown).not.toContain('two-')
    expect(shown).toContain('SecretKeyObject')
  })
})
