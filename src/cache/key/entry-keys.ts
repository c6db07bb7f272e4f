import { fencesOf } from './fence-key.ts'

/** All keys of one value. They lie in one slot. */
export interface EntryKeys {
  /** The entry. */
  readonly value: string
  /** Who loads it. */
  readonly lease: string
  /** The channel of those who wait for it. */
  readonly wake: string
  /** Of its tags, and first that of the tenant. */
  readonly fences: readonly string[]
}

/** Of what the keys of a value are made. */
export interface EntryParts {
  /** What all keys start with; without braces. */
  readonly prefix: string
  /** What {@link slotOf} gave. */
  readonly slot: string
  /** What {@link scopeOf} gave. */
  readonly scope: string
  /** What {@link encodeParts} gave. */
  readonly parts: string
  readonly tags: readonly string[]
}

/** Makes the keys of a value. @throws {RangeError} a tag that is no well-formed Unicode */
export function entryKeys({ prefix, slot, scope, parts, tags }: EntryParts): EntryKeys {
  const place = `${slot}:${scope}:${parts}`
  return {
    value: `${prefix}v:${place}`,
    lease: `${prefix}l:${place}`,
    wake: `${prefix}w:${place}`,
    fences: fencesOf(prefix, slot, tags),
  }
}
