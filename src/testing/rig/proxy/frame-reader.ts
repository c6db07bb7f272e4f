/**
 * What one frame is: the byte that names a typed message (PostgreSQL docs, "Message Formats"), the request
 * code of an untyped one ("StartupMessage", "SSLRequest", "GSSENCRequest", "CancelRequest"), or one of the
 * {@link FrameKind} values for what has neither.
 */
export type Kind = number

/** Kinds beyond the one-byte message types; the four large ones are PostgreSQL's own request codes. */
export const FrameKind = {
  /** Bytes of an untyped message whose code has not arrived yet. */
  unknown: 0,
  encryptionAccepted: 256,
  encryptionRefused: 257,
  /** From here on the bytes are TLS or GSSAPI records. */
  encrypted: 258,
  /** From here on the bytes are not PostgreSQL's protocol 3. */
  foreign: 259,
  startupMessage: 196_608,
  cancelRequest: 80_877_102,
  sslRequest: 80_877_103,
  gssencRequest: 80_877_104,
} as const

/** True for bytes that have no frames: they can only be passed on as they come. */
export function isOpaque(kind: Kind): boolean {
  return kind === FrameKind.encrypted || kind === FrameKind.foreign
}

/** Told of each piece `from`..`to` of a chunk that belongs to one frame; `ends` on the frame's last piece. */
export type PieceVisitor = (kind: Kind, from: number, to: number, ends: boolean) => void

// The server refuses a start-up packet above this (MAX_STARTUP_PACKET_LENGTH, libpq/pqcomm.h).
const MAX_STARTUP_LENGTH = 10_000
const TLS_HANDSHAKE_RECORD = 0x16
const ERROR_RESPONSE = 0x45
const REFUSED = 0x4e

const REQUESTS: readonly Kind[] = [FrameKind.cancelRequest, FrameKind.sslRequest, FrameKind.gssencRequest]

/** The high 16 bits of a StartupMessage's code are the protocol's major version (3.0, and 3.2 since 18). */
function startupKind(code: number): Kind {
  if (code >>> 16 === 3) return FrameKind.startupMessage
  return REQUESTS.includes(code) ? code : FrameKind.unknown
}

/**
 * Finds the frames of one direction of one connection, whatever the chunks. Keeps at most a header's bytes
 * and copies nothing else. It never throws: bytes that cannot be a frame make the rest of the stream opaque.
 */
export class FrameReader {
  #phase: 'startup' | 'typed' | 'answer' | 'opaque'
  readonly #header = Buffer.alloc(8)
  #have = 0
  #kind: Kind = FrameKind.unknown
  #inBody = false
  #left = 0

  /** A client's first messages have no type byte; a server's all have. */
  constructor(sender: 'client' | 'server') {
    this.#phase = sender === 'client' ? 'startup' : 'typed'
  }

  /** True when the next byte begins a frame. */
  get atBoundary(): boolean {
    return !this.#inBody && this.#have === 0
  }

  /** The next byte answers an SSLRequest or a GSSENCRequest, unless it begins an ErrorResponse (old servers). */
  expectEncryptionAnswer(): void {
    if (this.#phase !== 'opaque') this.#phase = 'answer'
  }

  /** Reads no frame from here on. */
  turnOpaque(kind: Kind): void {
    this.#phase = 'opaque'
    this.#kind = kind
    this.#inBody = false
    this.#have = 0
  }

  read(chunk: Buffer, visit: PieceVisitor): void {
    let at = 0
    while (at < chunk.length) {
      const from = at
      if (!this.#inBody && this.#phase !== 'opaque') at += this.#readHeader(chunk, at)
      if (this.#phase === 'opaque') {
        visit(this.#kind, from, chunk.length, false)
        return
      }
      if (!this.#inBody) {
        visit(this.#kind, from, at, false)
        continue
      }
      const take = Math.min(this.#left, chunk.length - at)
      at += take
      this.#left -= take
      const ends = this.#left === 0
      const kind = this.#kind
      if (ends) this.#closeFrame()
      visit(kind, from, at, ends)
    }
  }

  /** Takes bytes of a header; returns how many. */
  #readHeader(chunk: Buffer, at: number): number {
    if (this.#phase === 'typed' && this.#have === 0 && chunk.length - at >= 5) {
      this.#kind = chunk[at] ?? 0
      this.#openBody(chunk.readInt32BE(at + 1) - 4)
      return 5
    }
    let taken = 0
    while (!this.#inBody && this.#phase !== 'opaque' && at + taken < chunk.length) {
      this.#takeHeaderByte(chunk[at + taken] ?? 0)
      taken += 1
    }
    return taken
  }

  #takeHeaderByte(byte: number): void {
    this.#header[this.#have] = byte
    this.#have += 1
    if (this.#phase === 'answer') this.#answer(byte)
    else if (this.#phase === 'startup') this.#startup(byte)
    else if (this.#have === 1) this.#kind = byte
    else if (this.#have === 5) this.#openBody(this.#header.readInt32BE(1) - 4)
  }

  #answer(byte: number): void {
    this.#phase = 'typed'
    if (byte === ERROR_RESPONSE) {
      this.#kind = byte
      return
    }
    this.#kind = byte === REFUSED ? FrameKind.encryptionRefused : FrameKind.encryptionAccepted
    this.#openBody(0)
  }

  #startup(byte: number): void {
    this.#kind = FrameKind.unknown
    // PostgreSQL >= 17 tells direct TLS from a start-up packet by this first byte (ProcessSSLStartup).
    if (this.#have === 1 && byte === TLS_HANDSHAKE_RECORD) this.turnOpaque(FrameKind.encrypted)
    if (this.#have === 4) {
      const length = this.#header.readInt32BE(0)
      if (length < 8 || length > MAX_STARTUP_LENGTH) this.turnOpaque(FrameKind.foreign)
    }
    if (this.#have === 8) {
      const code = this.#header.readInt32BE(4)
      this.#kind = startupKind(code)
      this.#openBody(this.#header.readInt32BE(0) - 8)
    }
  }

  #openBody(left: number): void {
    if (left < 0) this.turnOpaque(FrameKind.foreign)
    else {
      this.#inBody = true
      this.#left = left
    }
  }

  #closeFrame(): void {
    this.#inBody = false
    this.#have = 0
    // After a request for encryption comes another untyped message; after any other one all are typed.
    const asks = this.#kind === FrameKind.sslRequest || this.#kind === FrameKind.gssencRequest
    if (this.#phase === 'startup' && !asks) this.#phase = 'typed'
  }
}
