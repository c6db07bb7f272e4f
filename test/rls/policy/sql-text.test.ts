import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { block, guarded } from '../../../src/rls/policy/guarded.ts'
import { nameIdent } from '../../../src/rls/policy/name-ident.ts'
import { policyStatement } from '../../../src/rls/policy/policy-statement.ts'
import { printMigration } from '../../../src/rls/policy/print-migration.ts'

describe('A block', () => {
  it('ends where it should, whatever dollars are in it', () => {
    const dollars = fc.string({ unit: fc.constantFrom('$', 'lsh', '1', '2', 'a', '\n', ';'), maxLength: 30 })
    fc.assert(
      fc.property(dollars, (text) => {
        const [, tag = ''] = /^do (\$\w*\$) begin\n/.exec(block(text)) ?? []
        expect(block(text).split(tag)).toHaveLength(3)
        expect(block(text).endsWith(`end ${tag};`)).toBe(true)
      }),
    )
  })

  it('leaves what is in it as it is, since a name may hold a line break', () => {
    const name = '"a\nb"'
    expect(guarded(`exists (select ${name})`, `drop table ${name};`)).toContain(`drop table ${name};`)
  })
})

describe('A name', () => {
  it.each([
    ['patients_tenant_id_key', 'patients_tenant_id_key'],
    ['current_user', '"current_user"'],
    ['Patients_key', '"Patients_key"'],
    ['a"b', '"a""b"'],
    ['1_a', '"1_a"'],
  ])('%s is written %s', (name, written) => {
    expect(nameIdent(name)).toBe(written)
  })
})

describe('A migration', () => {
  const on = (object: string, purpose: string) => policyStatement({ object, purpose }, `select '${object}';`)

  it('has a comment above each group, and none between what belongs together', () => {
    expect(printMigration([on('a', 'One.'), on('a', 'One.'), on('a', 'Two.'), on('b', 'Two.')])).toBe(
      "-- a: One.\nselect 'a';\nselect 'a';\n\n-- a: Two.\nselect 'a';\n\n-- b: Two.\nselect 'b';\n",
    )
    expect(printMigration([])).toBe('')
  })

  it('has comments that do not end before their time', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('\n', '\r', '\u2028', '\v', 'a', ' '), maxLength: 300 }),
        (name) => {
          const [comment = ''] = printMigration([
            policyStatement({ object: name, purpose: 'It.' }, 'x;'),
          ]).split('x;')
          for (const line of comment.split(/[\n\r]/)) expect(line === '' || line.startsWith('-- ')).toBe(true)
        },
      ),
    )
  })
})
