import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { classify } from '../../../src/wire/lexer/classify.ts'
import { ALLOWED, EXCLUSIVE, REFUSED } from './support/examples.ts'

const EVERY_EXAMPLE = [...ALLOWED, ...EXCLUSIVE, ...REFUSED].map(({ text }) => text)

const commentBody = fc.string({
  unit: fc.constantFrom('a', "'", '"', '$', '-', ';', '\\', ' ', '\u2028', 'begin'),
})
const blank = fc.oneof(
  fc.constantFrom(' ', '\t', '\n', '\v', '\f', '\r'),
  fc.tuple(commentBody, fc.constantFrom('\n', '\r')).map(([body, end]) => `--${body}${end}`),
  fc.letrec<{ comment: string }>((tie) => ({
    comment: fc
      .array(fc.oneof({ maxDepth: 3 }, commentBody, tie('comment')), { maxLength: 3 })
      .map((parts) => `/*${parts.join('')}*/`),
  })).comment,
)
const blanks = fc.array(blank, { maxLength: 5 }).map((parts) => parts.join(''))
const example = fc.constantFrom(...EVERY_EXAMPLE)

describe('The class of a text', () => {
  it('does not change with blanks, comments and semicolons in front of it', () => {
    fc.assert(
      fc.property(example, fc.array(fc.oneof(blanks, fc.constant(';'))), (text, front) => {
        expect(classify(front.join('') + text)).toBe(classify(text))
      }),
    )
  })

  it('does not change with a semicolon, blanks or a comment behind it', () => {
    fc.assert(
      fc.property(example, blanks, (text, behind) => {
        expect(classify(`${text}\n;${behind}`)).toBe(classify(text))
      }),
    )
  })

  it('does not change with the case of a text without quotes', () => {
    const unquoted = fc.constantFrom(...EVERY_EXAMPLE.filter((text) => !/["'$]/.test(text)))
    fc.assert(
      fc.property(unquoted, fc.infiniteStream(fc.boolean()), (text, upper) => {
        const recased = Array.from(text, (letter) => (upper.next().value ? letter.toUpperCase() : letter))
        expect(classify(recased.join(''))).toBe(classify(text))
      }),
    )
  })

  it('does not change when each blank between two words becomes other blanks', () => {
    const unquoted = fc.constantFrom(...EVERY_EXAMPLE.filter((text) => !/["'$\-*\r]/.test(text)))
    fc.assert(
      fc.property(unquoted, fc.array(blank, { minLength: 1, maxLength: 3 }), (text, between) => {
        expect(classify(text.replaceAll(' ', between.join('')))).toBe(classify(text))
      }),
    )
  })

  it('is plain whatever a query says in its strings, names and comments', () => {
    const hidden = fc
      .tuple(example, fc.constantFrom('a', 'b_1', 'ä'))
      .map(([text, tag]) => [
        `'${text.replaceAll("'", "''")}'`,
        `"${text.replaceAll('"', '""')}"`,
        `$${tag}$${text}$${tag}$`,
        `-- ${text.replaceAll(/[\r\n]/g, ' ')}\n 1`,
      ])
    fc.assert(
      fc.property(hidden, (forms) => {
        for (const form of forms) expect(classify(`select ${form}`)).toEqual({ kind: 'plain' })
      }),
    )
  })

  it('is found for every text there is, well formed or not', () => {
    const pieces = fc.constantFrom(
      ...[
        'begin',
        'set',
        'local',
        'declare',
        'create',
        'temp',
        'explain',
        'with',
        'hold',
        'for',
        'as',
        'pg_temp',
        'commit',
        'drop',
        'analyze',
        'on',
      ],
      ...[
        ' ',
        '\n',
        '\r',
        "'",
        '"',
        '$$',
        '$a$',
        'e',
        'u&',
        '/*',
        '*/',
        '--',
        '(',
        ')',
        ';',
        '.',
        '\\',
        '\ufeff',
        '\ud800',
      ],
    )
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.tuple(fc.array(pieces), fc.constantFrom('', ' ')).map(([parts, between]) => parts.join(between)),
    )
    fc.assert(
      fc.property(anyText, (text) => {
        const found = classify(text)
        expect(Object.isFrozen(found)).toBe(true)
        expect(found.kind === 'plain').toBe(!('command' in found))
      }),
      { numRuns: 2_000 },
    )
  })

  it('is a refusal as soon as there is a NUL anywhere', () => {
    fc.assert(
      fc.property(example, fc.nat(), (text, position) => {
        const at = position % (text.length + 1)
        expect(classify(`${text.slice(0, at)}\0${text.slice(at)}`)).toMatchObject({ reason: 'nul-character' })
      }),
    )
  })
})

describe('A text of a million characters', () => {
  it('is classified at once, also where the whole of it must be read', { timeout: 5_000 }, () => {
    const million = 1_000_000
    const texts = [
      `select ${'x'.repeat(million)}`,
      `${'/*'.repeat(million / 2)}begin`,
      `${';'.repeat(million)}begin`,
      `create table x (${'$a$ '.repeat(million / 4)}`,
      `create table x (${'$a'.repeat(million / 2)}`,
      `explain (${"''\n".repeat(million / 3)}) execute p`,
      `declare ${'"'.repeat(million)} cursor`,
    ]
    const started = performance.now()
    for (const text of texts) classify(text)
    expect(performance.now() - started).toBeLessThan(2_000)
  })
})
