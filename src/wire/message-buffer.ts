/** Room for a few hundred segments; larger ones get a buffer of their own. */
const SLAB_BYTES = 65_536
/** Up to this length, in UTF-16 units, a loop over the characters is faster than the call into Node. */
const SHORT_TEXT = 48
/** Up to this length, in UTF-16 units, room is reserved for the worst case rather than for the true length. */
const ESTIMATED_TEXT = 1_024

/**
 * Builds messages of the frontend, one behind the other, in memory that they share with those built before: bytes that were
 * taken are never written again, so a socket may hold on to them.
 *
 * @see https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export class MessageBuffer {
  #slab = Buffer.allocUnsafeSlow(SLAB_BYTES)
  #start = 0
  #end = 0

  /** Makes room; what is written until {@link take} must not need more. */
  reserve(bytes: number): void {
    this.#start = this.#end
    if (bytes <= this.#slab.length - this.#end) return
    this.#slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, bytes))
    this.#start = 0
    this.#end = 0
  }

  /** What has been written since room was made. */
  take(): Buffer {
    return this.#slab.subarray(this.#start, this.#end)
  }

  /** Begins a message, and returns where, for {@link end}. @param type its first byte */
  begin(type: number): number {
    this.#slab[this.#end] = type
    this.#end += 5
    return this.#end - 4
  }

  /** Ends a message: only now its length is known, which stands at its beginning and counts itself. */
  end(begun: number): void {
    this.#setInt32(begun, this.#end - begun)
  }

  byte(value: number): void {
    this.#slab[this.#end++] = value
  }

  int16(value: number): void {
    this.#slab[this.#end++] = value >>> 8
    this.#slab[this.#end++] = value
  }

  int32(value: number): void {
    this.#setInt32(this.#end, value)
    this.#end += 4
  }

  /** A text and the zero byte that ends it. */
  cString(text: string): void {
    this.#text(text)
    this.#slab[this.#end++] = 0
  }

  /** A text or bytes behind their length. */
  sized(value: string | Buffer): void {
    const begun = this.#end
    this.#end += 4
    if (typeof value === 'string') this.#text(value)
    else this.raw(value)
    this.#setInt32(begun, this.#end - begun - 4)
  }

  raw(bytes: Uint8Array): void {
    this.#slab.set(bytes, this.#end)
    this.#end += bytes.length
  }

  #setInt32(at: number, value: number): void {
    this.#slab[at] = value >>> 24
    this.#slab[at + 1] = value >>> 16
    this.#slab[at + 2] = value >>> 8
    this.#slab[at + 3] = value
  }

  #text(text: string): void {
    if (text.length > SHORT_TEXT) {
      this.#end += this.#slab.write(text, this.#end)
      return
    }
    const begun = this.#end
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index)
      if (code > 127) {
        this.#end = begun + this.#slab.write(text, begun)
        return
      }
      this.#slab[this.#end++] = code
    }
  }
}

/** Bytes that are enough for a text or bytes: a UTF-16 unit becomes at most three bytes of UTF-8. */
export function roomFor(value: string | Buffer): number {
  if (typeof value !== 'string') return value.length
  return value.length <= ESTIMATED_TEXT ? 3 * value.length : Buffer.byteLength(value)
}
