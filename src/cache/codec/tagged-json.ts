import type { CacheCodec } from './cache-codec.ts'
import { fromTagged } from './from-tagged.ts'
import { toTagged } from './to-tagged.ts'

/**
 * JSON, with tags for what it has no form for: `Date`, `bigint`, `Buffer`, `Uint8Array`, `Map`, `Set`, `undefined`, `-0`, `NaN` and the
 * infinities. Nothing is guessed from how a text looks: a string stays a string. What is plain JSON is read by `JSON.parse` alone.
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
