import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FrameReader, type Kind } from '../../../../src/testing/rig/proxy/frame-reader.ts'
import { MessageSplitter, type SplitSink } from '../../../../src/testing/rig/proxy/message-splitter.ts'
import { chunksOf, frame, SSL_REQUEST, STARTUP } from './frames.ts'

class Recorder implements SplitSink {
  readonly order: { bytes: Buffer; whole: boolean }[] = []
  readonly kinds: Kind[] = []
  readonly #wants: () => boolean
  constructor(wants: () => boolean) {
    this.#wants = wants
  }
  wantsWhole(): boolean {
    return this.#wants()
  }
  walked(kind: Kind, ends: boolean): void {
    if (ends) this.kinds.push(kind)
  }
  message(bytes: Buffer): void {
    this.order.push({ bytes, whole: true })
  }
  pass(bytes: Buffer): void {
    this.order.push({ bytes, whole: false })
  }
  get whole(): Buffer[] {
    return this.order.filter((item) => item.whole).map((item) => item.bytes)
  }
  get all(): Buffer {
    return Buffer.concat(this.order.map((item) => item.bytes))
  }
}

const typed = fc
  .tuple(fc.constantFrom(...'QPBDESCHXRKZT123nsNAdc'), fc.uint8Array({ maxLength: 40 }))
  .map(([type, body]) => frame(type, Buffer.from(body)))
const conversation = fc
  .tuple(fc.array(fc.constant(SSL_REQUEST), { maxLength: 2 }), fc.array(typed, { maxLength: 30 }))
  .map(([requests, messages]) => [...requests, STARTUP, ...messages])
const cuts = fc.array(fc.nat(), { maxLength: 60 })

function split(chunks: readonly Buffer[], wants: () => boolean): Recorder {
  const recorder = new Recorder(wants)
  const splitter = new MessageSplitter(new FrameReader('client'))
  for (const chunk of chunks) splitter.push(chunk, recorder)
  for (const held of splitter.release()) recorder.pass(held)
  return recorder
}

describe('message splitter', () => {
  it('gives the same messages however the stream is cut into chunks', () => {
    fc.assert(
      fc.property(conversation, cuts, (messages, places) => {
        const recorder = split(chunksOf(Buffer.concat(messages), places), () => true)
        expect(recorder.whole).toEqual(messages)
        expect(recorder.order).toHaveLength(messages.length)
        expect(recorder.kinds).toHaveLength(messages.length)
      }),
      { numRuns: 500 },
    )
  })

  it('loses, repeats and reorders nothing when the wish for whole messages comes and goes', () => {
    fc.assert(
      fc.property(
        conversation,
        cuts,
        fc.array(fc.boolean(), { minLength: 1 }),
        (messages, places, wishes) => {
          let asked = 0
          const stream = Buffer.concat(messages)
          const recorder = split(chunksOf(stream, places), () => wishes[asked++ % wishes.length] === true)
          expect(recorder.all).toEqual(stream)
          expect(recorder.kinds).toHaveLength(messages.length)
          for (const message of recorder.whole) expect(messages).toContainEqual(message)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('lets any bytes through unchanged, protocol or not', () => {
    const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 30 }))
    fc.assert(
      fc.property(chunks, fc.boolean(), (parts, wants) => {
        const recorder = split(
          parts.map((part) => Buffer.from(part)),
          () => wants,
        )
        expect(recorder.all).toEqual(Buffer.concat(parts))
      }),
      { numRuns: 500 },
    )
  })

  it('does not copy a message that came in one chunk, and passes an unwanted chunk as the same object', () => {
    const chunk = Buffer.concat([STARTUP, frame('S'), frame('Q', 'select 1\0')])
    for (const message of split([chunk], () => true).whole) expect(message.buffer).toBe(chunk.buffer)
    expect(split([chunk], () => false).order).toEqual([{ bytes: chunk, whole: false }])
    expect(split([chunk], () => false).order[0]?.bytes).toBe(chunk)
  })

  it('lets a message pass whose first byte had passed before the wish for whole ones', () => {
    let wants = false
    const recorder = new Recorder(() => wants)
    const splitter = new MessageSplitter(new FrameReader('server'))
    const stream = Buffer.concat([frame('D', 'first'), frame('D', 'second')])
    splitter.push(stream.subarray(0, 3), recorder)
    wants = true
    splitter.push(stream.subarray(3), recorder)
    expect(recorder.whole).toEqual([frame('D', 'second')])
    expect(recorder.all).toEqual(stream)
  })
})
