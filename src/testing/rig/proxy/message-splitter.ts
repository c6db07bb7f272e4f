import { type FrameReader, isOpaque, type Kind } from './frame-reader.ts'

/** What a {@link MessageSplitter} tells, in the order of the bytes. */
export interface SplitSink {
  /** Asked where a message begins: gather it whole (`message`), or let its bytes pass as they come (`pass`)? */
  wantsWhole(): boolean
  /** A piece of a frame was walked over, `ends` with its last byte. Comes before `message` for the same frame. */
  walked(kind: Kind, ends: boolean): void
  /** One whole message, its header included. A view of the chunk unless the message came in several. */
  message(bytes: Buffer, kind: Kind): void
  /** Bytes that were not to be gathered. A view of the chunk, or the chunk itself. */
  pass(bytes: Buffer): void
}

/**
 * Cuts one direction's chunks into whole messages. A message inside one chunk is not copied; one spread over
 * several is joined once, when its last byte is there. While the sink wants none whole, chunks pass untouched.
 */
export class MessageSplitter {
  readonly #reader: FrameReader
  #pieces: Buffer[] = []
  #gathering = false
  #atBoundary = true

  constructor(reader: FrameReader) {
    this.#reader = reader
  }

  push(chunk: Buffer, sink: SplitSink): void {
    if (this.#pieces.length > 0 || sink.wantsWhole()) {
      this.#pushPieces(chunk, sink)
      return
    }
    this.#reader.read(chunk, (kind, _from, _to, ends) => sink.walked(kind, ends))
    this.#gathering = false
    this.#atBoundary = this.#reader.atBoundary
    sink.pass(chunk)
  }

  /** Hands out what was gathered of a message that is not whole, which then goes on piece by piece. */
  release(): Buffer[] {
    const pieces = this.#pieces
    this.#pieces = []
    this.#gathering = false
    return pieces
  }

  #pushPieces(chunk: Buffer, sink: SplitSink): void {
    this.#reader.read(chunk, (kind, from, to, ends) => {
      const piece = chunk.subarray(from, to)
      if (this.#atBoundary) this.#gathering = sink.wantsWhole()
      this.#atBoundary = ends
      sink.walked(kind, ends)
      if (isOpaque(kind)) for (const held of this.release()) sink.pass(held)
      if (!this.#gathering) sink.pass(piece)
      else {
        this.#pieces.push(piece)
        if (ends) sink.message(this.#join(), kind)
      }
    })
  }

  #join(): Buffer {
    const pieces = this.#pieces
    this.#pieces = []
    return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces)
  }
}
