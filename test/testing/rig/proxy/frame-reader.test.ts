import { describe, expect, it } from 'vitest'
import { FrameKind, FrameReader, isOpaque } from '../../../../src/testing/rig/proxy/frame-reader.ts'
import { nameOf, typeOf } from '../../../../src/testing/rig/proxy/message-names.ts'
import { CANCEL_REQUEST, chunksOf, frame, GSSENC_REQUEST, SSL_REQUEST, STARTUP, untyped } from './frames.ts'

const BYTE_BY_BYTE = Array.from({ length: 200 }, (_, i) => i)

function namesOf(
  reader: FrameReader,
  side: 'client' | 'server',
  bytes: Buffer,
  places: number[] = [],
): string[] {
  const names: string[] = []
  for (const chunk of chunksOf(bytes, places)) {
    reader.read(chunk, (kind, _from, _to, ends) => {
      if (ends) names.push(nameOf(side, kind) ?? typeOf(kind))
      else if (isOpaque(kind)) names.push(kind === FrameKind.foreign ? 'foreign' : 'encrypted')
    })
  }
  return names
}

describe('frame reader', () => {
  it.each([[[]], [BYTE_BY_BYTE]])('names the untyped messages of start-up and what follows', (places) => {
    const bytes = Buffer.concat([
      GSSENC_REQUEST,
      SSL_REQUEST,
      STARTUP,
      frame('p', 'secret'),
      frame('S'),
      frame('X'),
    ])
    expect(namesOf(new FrameReader('client'), 'client', bytes, [...places])).toEqual([
      'GSSENCRequest',
      'SSLRequest',
      'StartupMessage',
      'PasswordOrSASLOrGSSResponse',
      'Sync',
      'Terminate',
    ])
  })

  it('reads protocol 3.2 and a cancel request with a long key, both new in PostgreSQL 18', () => {
    expect(namesOf(new FrameReader('client'), 'client', untyped(196_610, 'x'))).toEqual(['StartupMessage'])
    const cancel = untyped(80_877_102, Buffer.alloc(4 + 256))
    expect(namesOf(new FrameReader('client'), 'client', cancel)).toEqual(['CancelRequest'])
    expect(namesOf(new FrameReader('client'), 'client', CANCEL_REQUEST, BYTE_BY_BYTE)).toEqual([
      'CancelRequest',
    ])
  })

  it('reads the single byte that answers a request for encryption, and a typed message behind a refusal', () => {
    const refused = new FrameReader('server')
    refused.expectEncryptionAnswer()
    expect(namesOf(refused, 'server', Buffer.concat([Buffer.from('N'), frame('R')]))).toEqual([
      'EncryptionRefused',
      'Authentication',
    ])
    const accepted = new FrameReader('server')
    accepted.expectEncryptionAnswer()
    expect(namesOf(accepted, 'server', Buffer.from('S'))).toEqual(['EncryptionAccepted'])
  })

  it('reads an ErrorResponse where a single byte was expected, as servers answer that predate encryption', () => {
    for (const places of [[], BYTE_BY_BYTE]) {
      const reader = new FrameReader('server')
      reader.expectEncryptionAnswer()
      const bytes = Buffer.concat([frame('E', 'no such request'), frame('Z', 'I')])
      expect(namesOf(reader, 'server', bytes, places)).toEqual(['ErrorResponse', 'ReadyForQuery'])
    }
  })

  it('takes a TLS handshake for encrypted and other protocols for foreign from their first bytes', () => {
    expect(namesOf(new FrameReader('client'), 'client', Buffer.from([0x16]))).toEqual(['encrypted'])
    expect(namesOf(new FrameReader('client'), 'client', Buffer.from('*1\r\n$4\r\nPING\r\n'))).toEqual([
      'foreign',
    ])
    expect(namesOf(new FrameReader('client'), 'client', untyped(196_608, Buffer.alloc(10_000)))).toEqual([
      'foreign',
    ])
  })

  it('stops reading frames at a length that cannot be', () => {
    const broken = Buffer.from([0x51, 0xff, 0xff, 0xff, 0xff, 1, 2, 3])
    for (const places of [[], BYTE_BY_BYTE]) {
      const names = namesOf(
        new FrameReader('server'),
        'server',
        Buffer.concat([frame('Z', 'I'), broken]),
        places,
      )
      expect(names.slice(0, 2)).toEqual(['ReadyForQuery', 'foreign'])
    }
  })

  it('reads no frame any more once it was told that the stream is opaque', () => {
    const reader = new FrameReader('server')
    reader.turnOpaque(FrameKind.encrypted)
    reader.expectEncryptionAnswer()
    expect(namesOf(reader, 'server', Buffer.from('S'))).toEqual(['encrypted'])
  })

  it('does not take an unknown start-up code for one of its own kinds', () => {
    const kinds: number[] = []
    for (const code of [256, 258, 259, 0x5a]) {
      new FrameReader('client').read(untyped(code), (kind) => kinds.push(kind))
    }
    expect(kinds).toEqual([0, 0, 0, 0])
  })
})
