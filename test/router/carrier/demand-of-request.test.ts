import { describe, expect, it } from 'vitest'
import { type CarriedTokens, demandOfRequest } from '../../../src/router/carrier/demand-of-request.ts'
import type { TokenReading } from '../../../src/router/token/token-reading.ts'
import { at, token } from '../token/tokens.ts'

const valid = (lsn: bigint): TokenReading => ({ kind: 'valid', token: token({ position: at(lsn) }) })
const position = (lsn: bigint) => ({ kind: 'position', position: at(lsn) })
const unavailable = { kind: 'unavailable' } as const
const unknown = { kind: 'primary', reason: 'unknown' }

describe('what a request demands', () => {
  it.each<[string, CarriedTokens, unknown]>([
    ['nothing without tokens', {}, { kind: 'none' }],
    ['nothing where the store has none', { stored: { kind: 'absent' } }, { kind: 'none' }],
    ['what it sent', { sent: valid(5n) }, position(5n)],
    ['what is stored', { stored: valid(5n) }, position(5n)],
    ['the higher: what is stored', { sent: valid(5n), stored: valid(6n) }, position(6n)],
    ['the higher: what it sent', { sent: valid(7n), stored: valid(6n) }, position(7n)],
    [
      'what is stored, where it sent what has expired',
      { sent: { kind: 'expired' }, stored: valid(6n) },
      position(6n),
    ],
    ['what it sent, without a store', { sent: valid(5n), stored: unavailable }, position(5n)],
    ['the primary, without a store and token', { stored: unavailable }, unknown],
    [
      'the primary, without a store and with an expired token',
      { sent: { kind: 'expired' }, stored: unavailable },
      unknown,
    ],
    [
      'the primary, where what is stored was tampered with',
      { sent: valid(5n), stored: { kind: 'refused', why: 'signature' } },
      { kind: 'primary', reason: 'signature' },
    ],
  ])('is %s', (_what, tokens, demand) => {
    expect(demandOfRequest(tokens, at(100n))).toEqual(demand)
  })
})
