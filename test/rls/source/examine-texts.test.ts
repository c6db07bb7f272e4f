import { describe, expect, it } from 'vitest'
import { examine } from './program.ts'

/** What a template literal of the program has in it. */
const HOLE = '$' + '{value}'

describe('the texts of a program', () => {
  it('are found in strings, templates and what is joined by +, at their lines', async () => {
    const found = await examine({
      'a.ts': [
        "export const a = 'set app.tenant_id = 1'",
        'export const b = (value: string) => `',
        '  -- who asks',
        `  set app.tenant_id = '${HOLE}'\``,
        "export const c = (value: string) => 'set ' + 'app.tenant_id' + ' = ' + value",
        "export const d = ['select 1;', `select set_config('app.tenant_id', $1, false)`] as const",
        "export const e = 'select pg_advisory_lock(1)' as string",
      ].join('\n'),
    })
    expect(found).toEqual([
      'a.ts:1 session-setting SET',
      'a.ts:4 session-setting SET',
      'a.ts:5 session-setting SET',
      'a.ts:6 session-setting set_config(..., false)',
      'a.ts:7 advisory-lock pg_advisory_lock()',
    ])
  })

  it('are taken at their word where something runs them', async () => {
    const found = await examine({
      'a.ts': [
        'declare const db: any, sql: any, value: string',
        "await db.query('listen changes')",
        "await db.query({ text: 'listen changes' })",
        `await sql\`listen ${HOLE}\``,
        `await db.$executeRaw\`set role ${HOLE}\``,
        "const text = 'listen changes'",
        'await db.execute(text)',
        "console.log('listen changes')",
        `const other = { title: \`set role ${HOLE}\` }`,
      ].join('\n'),
    })
    expect(found).toEqual([
      'a.ts:2 notification-channel LISTEN',
      'a.ts:3 notification-channel LISTEN',
      'a.ts:4 notification-channel LISTEN',
      'a.ts:5 session-setting SET',
      'a.ts:6 notification-channel LISTEN',
    ])
  })

  it('are not found in comments, in regular expressions or in names', async () => {
    const found = await examine({
      'a.ts':
        "// set app.tenant_id = 'x'\n/* LISTEN c */\nexport const set = { 'app.tenant_id': /LISTEN c/ }\n",
    })
    expect(found).toEqual([])
  })

  it('are read in every kind of source', async () => {
    const text = 'export const a = "LISTEN c"'
    const found = await examine({
      'a.js': text,
      'b.mjs': text,
      'c.cjs': 'exports.a = "LISTEN c"',
      'd.jsx': 'export const A = () => <b title="LISTEN c">LISTEN c</b>',
      'e.tsx': 'export const A = (): unknown => <b title={"LISTEN c"}>x</b>',
      'f.mts': 'export const a: string = "LISTEN c"',
      'g.cts': 'export = "LISTEN c"',
      'h.d.ts': 'export declare const a: "LISTEN c"',
      'readme.md': 'LISTEN c',
      'node_modules/x/index.js': text,
    })
    expect(found).toEqual(
      ['a.js', 'b.mjs', 'c.cjs', 'd.jsx', 'e.tsx', 'f.mts', 'g.cts'].map(
        (name) => `${name}:1 notification-channel LISTEN`,
      ),
    )
  })

  it('are counted in lines whatever ends these, and once where a line holds the same twice', async () => {
    const found = await examine({ 'a.js': "'😀'\r\n'LISTEN a', 'LISTEN b'\r'LISTEN c'\n" })
    expect(found).toEqual(['a.js:2 notification-channel LISTEN', 'a.js:3 notification-channel LISTEN'])
  })

  it('are said to be unread where the syntax is broken', async () => {
    expect(await examine({ 'a.ts': "export const = 'LISTEN c'" })).toContain('a.ts:1 unread a.ts')
  })
})
