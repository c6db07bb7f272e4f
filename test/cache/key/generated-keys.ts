import type { KeyPart } from '../../../src/cache/definition/definition-options.ts'
import type { EntryParts } from '../../../src/cache/key/entry-keys.ts'
import type { SlotParts } from '../../../src/cache/key/fence-key.ts'

/** What a key is made of, before any of it is written. */
export interface KeySource extends Omit<EntryParts, 'parts' | 'slot'>, SlotParts {
  readonly parts: readonly KeyPart[]
}

/** Texts that mean something to Redis or to the layout of keys, or that another encoding would make one of. */
const TEXTS: readonly string[] = [
  ...[
    '',
    ' ',
    ':',
    '::',
    '{',
    '}',
    '{}',
    '{a}',
    '|',
    'a|b',
    '*',
    '?',
    '[a]',
    '\\',
    '\u0000',
    '\n',
    '~',
    '~~',
    '.',
    ',',
    '%',
    '-',
  ],
  ...[
    'a',
    'b',
    'a:b',
    'b:c',
    'a:b:c',
    '0',
    '-0',
    '1',
    '1.0',
    '1n',
    'null',
    'true',
    't',
    'f',
    's',
    'h',
    'sa',
    's~',
    '.sa',
    'n1',
  ],
  ...[
    '~YQ',
    'YQ',
    'YQ==',
    'é',
    'e\u0301',
    'ß',
    'ẞ',
    'K',
    '\u212a',
    '😀',
    '\ufffd',
    '\ufeff',
    '\u202e',
    '__proto__',
  ],
  ...[
    'x'.repeat(199),
    'x'.repeat(200),
    'x'.repeat(400),
    `${'x'.repeat(400)}:`,
    '2.sa.sb',
    '0',
    'h'.repeat(44),
  ],
]

const PARTS: readonly KeyPart[] = [
  ...[0, -0, 1, -1, 1.5, 1e21, 1e-7, 2 ** 53, Number.MAX_VALUE, Number.MIN_VALUE],
  ...[0n, 1n, -1n, 2n ** 64n, true, false, null],
]

/** Numbers that look random, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Makes keys that are hard to tell apart. */
export function keySources(random: () => number): () => KeySource {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T
  const text = () => {
    const joined = random() < 0.3 ? pick(TEXTS) + pick(TEXTS) : pick(TEXTS)
    return random() < 0.1 ? joined + String.fromCharCode(Math.floor(random() * 0xd800)) : joined
  }
  const part = () => (random() < 0.6 ? text() : pick(PARTS))
  const some = <T>(make: () => T) => Array.from({ length: Math.floor(random() * 4) }, make)
  return () => ({
    prefix: random() < 0.9 ? 'p:' : pick(['', 'p', 'p:v:', 'v:']),
    tenant: text(),
    group: random() < 0.5 ? 'main' : text(),
    scope: pick(['scope', 'scope2', 'scop']),
    parts: some(part),
    tags: some(text),
  })
}

type Change = (source: KeySource, next: () => KeySource) => KeySource

const changeParts =
  (change: (part: KeyPart) => KeyPart): Change =>
  (source) => ({ ...source, parts: source.parts.map(change) })

/** What a weak encoding makes one of: one place changed, or texts cut at other places. Two drawn keys hardly ever meet like that. */
export const CHANGES: readonly Change[] = [
  (_, next) => next(),
  (source, next) => ({ ...source, tenant: next().tenant }),
  (source, next) => ({ ...source, group: next().group }),
  (source, next) => ({ ...source, parts: next().parts }),
  (source) => ({ ...source, tenant: source.group, group: source.tenant }),
  (source) => ({ ...source, tenant: `${source.tenant}:${source.group}`, group: '' }),
  (source) => ({ ...source, tenant: `${source.tenant}|${source.group}`, group: 'main' }),
  (source) => ({ ...source, parts: [source.parts.join(':')] }),
  (source) => ({ ...source, parts: [`${source.scope}:${source.parts.join('.')}`] }),
  (source) => ({ ...source, parts: [...source.parts, ''] }),
  (source) => ({ ...source, parts: source.parts.slice(1) }),
  (source) => ({ ...source, parts: source.parts.toReversed() }),
  changeParts(String),
  changeParts((part) => (typeof part === 'bigint' ? Number(part) : part)),
  changeParts((part) => (typeof part === 'number' ? Math.abs(part) : part)),
  changeParts((part) => (typeof part === 'string' ? part.normalize() : part)),
  changeParts((part) => (typeof part === 'string' ? part.trim() : part)),
  changeParts((part) => (part === '' ? null : part)),
  changeParts((part) => (typeof part === 'boolean' ? Number(part) : part)),
  changeParts((part) => (typeof part === 'string' ? part.toLowerCase() : part)),
]

/** Tells two sources apart by what they are, in no way that the code under test uses. */
export function identityOf({ prefix, tenant, group, scope, parts }: KeySource): string {
  return JSON.stringify([
    prefix,
    tenant,
    group,
    scope,
    parts.map((part) => [typeof part, Object.is(part, -0) ? '-0' : String(part)]),
  ])
}
