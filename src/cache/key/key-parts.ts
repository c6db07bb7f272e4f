import { createHash } from 'node:crypto'
import { CacheValueError } from '../../errors/cache.ts'
import type { KeyPart } from '../definition/definition-options.ts'
import { escapeText } from './escape.ts'

/** Characters above which a key is hashed: longer ones cost Redis more than they tell. */
const LONGEST = 200

/**
 * Writes the parts of a key so that no two keys become one: each with its type, in its place.
 *
 * @throws {CacheValueError} what is no part of a key, such as NaN, which is not equal to itself
 */
export function encodeParts(parts: readonly KeyPart[]): string {
  let text = String(parts.length)
  for (let index = 0; index < parts.length; index += 1) text += `.${encodePart(parts[index], index)}`
  if (text.length <= LONGEST) return text
  return `h${createHash('sha256').update(text).digest('base64url')}`
}

function encodePart(part: KeyPart | undefined, index: number): string {
  switch (typeof part) {
    case 'string':
      return `s${escapePart(part, index)}`
    case 'number':
      if (!Number.isFinite(part)) throw new CacheValueError(`key[${index}]`, 'it is no finite number')
      return `n${Object.is(part, -0) ? '-0' : escapeText(String(part))}`
    case 'bigint':
      return `i${part}`
    case 'boolean':
      return part ? 't' : 'f'
    default:
      if (part === null) return '0'
      throw new CacheValueError(
        `key[${index}]`,
        'a part of a key is a string, number, bigint, boolean or null',
      )
  }
}

function escapePart(part: string, index: number): string {
  try {
    return escapeText(part)
  } catch {
    throw new CacheValueError(`key[${index}]`, 'it is no well-formed Unicode')
  }
}
