import type { CacheCodec } from './cache-codec.ts'
import { fromTagged } from './from-tagged.ts'
import { toTagged } from './to-tagged.ts'

/**
 * JSON, with tags for what it has no form for: `Date`, `bigint`, `Buffer`, `Uint8Array`, `Map`, `Set`, `undefined`, `-0`, `NaN`, the
 * infinities, and objects without a prototype. Nothing is guessed from how a text looks: a string stays a string. What is plain JSON is
 * read by `JSON.parse` alone.
 *
 * Refused are instances of classes, functions, symbols, what contains itself, and what is more than 500 levels deep. Not kept are what
 * no value of a database has: getters (their values are), holes of arrays (they come back as `undefined`), what an array has beside
 * its items, and that two places held one object (they come back as two).
 */
export function taggedJson(): CacheCodec {
  return {
    name: 'json-1',
    encode: (value) => {
      const { json, isTagged } = toTagged(value)
      return { text: JSON.stringify(json), isTagged }
    },
    decode: ({ text, isTagged }) => {
      const json: unknown = JSON.parse(text)
      return isTagged ? fromTagged(json) : json
    },
  }
}
