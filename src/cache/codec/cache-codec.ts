/** A value as text. */
export interface EncodedText {
  readonly text: string
  /** Whether the text alone is not enough to read it: with it `decode` is told to look for what JSON has no form for. */
  readonly isTagged: boolean
}

/** Turns values into text, and back into what they were. */
export interface CacheCodec {
  /** Goes with each entry: one of another codec is a miss. Letters, digits and `-`. */
  readonly name: string
  /** @throws {CacheValueError} a value that would not come back as it was */
  encode(value: unknown): EncodedText
  /** A new copy each time. @throws where the text is none of its own */
  decode(encoded: EncodedText): unknown
}
