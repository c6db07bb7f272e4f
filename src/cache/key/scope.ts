import { createHash } from 'node:crypto'

/** Under what a value was loaded. Whoever differs in any of it does not share values. */
export interface ScopeParts {
  /** Of the definition. */
  readonly name: string
  readonly version: string
  readonly systemId: string
  readonly database: string
  readonly role: string
  /** Columns and policies of its tables. */
  readonly shapes: readonly string[]
  /** Names and values of the settings that its policies may read; nothing where the whole tenant shares. */
  readonly settings: readonly (readonly [name: string, value: string])[] | undefined
}

/** 192 bits: more than enough that nobody finds two scopes with the same name. */
const BYTES = 24

/** Names a scope: a hash over all its parts, each behind its length. */
export function scopeOf(parts: ScopeParts): string {
  const { name, version, systemId, database, role, shapes, settings } = parts
  const hash = createHash('sha256')
  const list = (texts: readonly string[]) => {
    hash.update(`${texts.length}[`)
    for (const text of texts) hash.update(`${Buffer.byteLength(text)}:${text}`)
  }
  list([name, version, systemId, database, role])
  list(shapes)
  list(settings ? settings.flat() : ['the whole tenant'])
  return hash.digest().subarray(0, BYTES).toString('base64url')
}
