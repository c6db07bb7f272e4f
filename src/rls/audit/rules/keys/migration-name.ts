import { createHash } from 'node:crypto'

/** NAMEDATALEN - 1: what is longer PostgreSQL cuts off, which would make two names one. */
const NAME_BYTES = 63
const HASH_LENGTH = 8

/** A name for what a migration makes, the same for the same parts and never longer than PostgreSQL keeps. */
export function migrationName(...parts: readonly string[]): string {
  const name = parts.join('_')
  if (Buffer.byteLength(name) <= NAME_BYTES) return name
  const hash = createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, HASH_LENGTH)
  let kept = ''
  for (const character of name) {
    if (Buffer.byteLength(kept + character) > NAME_BYTES - HASH_LENGTH - 1) break
    kept += character
  }
  return `${kept}_${hash}`
}
