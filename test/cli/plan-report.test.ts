import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CommandError } from '../../src/cli/command-error.ts'
import { planReport, type ReportValues } from '../../src/cli/report/plan-report.ts'
import { ConfigError } from '../../src/errors/config.ts'
import { findingOn } from '../rls/report/hostile-findings.ts'
import { ScratchFolder } from './scratch-folder.ts'
import { SilentTerminal } from './silent-terminal.ts'

const NOTHING: ReportValues = {
  format: undefined,
  json: false,
  baseline: undefined,
  'write-baseline': false,
  fix: false,
  output: undefined,
}
const TOOL = { kind: 'audit', rules: [] }
const a = findingOn('a')
const b = findingOn('b')

/** Reports findings as the options say, in a folder of its own. */
async function report(values: Partial<ReportValues>, findings = [a], files = {}) {
  using folder = new ScratchFolder(files)
  const terminal = new SilentTerminal(folder.path)
  const run = await planReport({ ...NOTHING, ...values }, terminal)
  const code = await run(findings, TOOL)
  const file = (name: string) => {
    const path = join(folder.path, name)
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined
  }
  const migration = file('mend.sql')
  return {
    code,
    out: terminal.printed.join('\n'),
    err: terminal.noted.join('\n'),
    known: file('known.json'),
    migration,
  }
}

describe('a report', () => {
  it.each([
    [{ format: 'xml' }, '--format is "xml", but must be text, json, sarif'],
    [{ format: 'toString' }, '--format is "toString"'],
    [{ format: 'sarif', json: true }, '--json and --format sarif exclude each other'],
    [{ output: 'mend.sql' }, '--output goes with --fix'],
    [{ fix: true, json: true }, '--fix with --format json needs --output'],
    [{ 'write-baseline': true }, '--write-baseline needs --baseline'],
    [{ baseline: 'none.json' }, 'The baseline none.json cannot be read'],
  ])('is refused for %j before anything is looked for', async (values, expected) => {
    const planned = planReport({ ...NOTHING, ...values }, new SilentTerminal('/nowhere'))
    await expect(planned).rejects.toThrow(ConfigError)
    await expect(planned).rejects.toThrow(expected)
  })

  it('ends with 3 for whatever was found, be it only good to know, and else with 0', async () => {
    expect((await report({}, [findingOn('a', 'info')])).code).toBe(3)
    expect((await report({}, [])).code).toBe(0)
  })

  it('is the same with --json as with --format json', async () => {
    const json = await report({ json: true })
    expect(json).toEqual(await report({ format: 'json' }))
    expect(JSON.parse(json.out).findings).toHaveLength(1)
  })

  it('leaves out what a baseline knows', async () => {
    const { known = '' } = await report({ baseline: 'known.json', 'write-baseline': true })
    const later = await report({ baseline: 'known.json', json: true }, [a, b], {
      'known.json': known,
    })
    expect(JSON.parse(later.out).findings.map(({ object }: { object: string }) => object)).toEqual([
      'public.b',
    ])
    expect(later).toMatchObject({
      code: 3,
      err: 'Findings that known.json knows and that are not reported: 1.',
    })
    const same = await report({ baseline: 'known.json' }, [a], { 'known.json': known })
    expect(same).toMatchObject({ code: 0, out: 'Found: nothing.' })
  })

  it('puts only what is new into the migration', async () => {
    const { known = '' } = await report({ baseline: 'known.json', 'write-baseline': true })
    const files = { 'known.json': known }
    const { migration } = await report(
      { baseline: 'known.json', fix: true, output: 'mend.sql' },
      [a, b],
      files,
    )
    expect(migration).toContain('public."b"')
    expect(migration).not.toContain('public."a"')
  })

  it('prints the migration in place of the findings, which it counts on standard error', async () => {
    const { code, out, err } = await report({ fix: true })
    expect({ code, err }).toEqual({ code: 3, err: 'Found: 1 error.' })
    expect(out).toContain('begin;')
  })

  it('says which file it could not write', async () => {
    const writing = report({ fix: true, output: 'no/such/folder.sql' })
    await expect(writing).rejects.toThrow(CommandError)
    await expect(writing).rejects.toThrow('no/such/folder.sql cannot be written: ENOENT')
  })
})
