import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as errors from '../../src/errors/index.ts'

const tests = join(import.meta.dirname, '..')
const sources = globSync('**/*.test.ts', { cwd: tests })
  .filter((path) => !path.startsWith('errors/'))
  .map((path) => readFileSync(join(tests, path), 'utf8'))

const families = Object.entries(errors).filter(([name]) => name !== 'LeaseholdError')
/** The codes as the sources give them: a class has no instance before somebody throws it. */
const codes = globSync('*.ts', { cwd: join(tests, '../src/errors') })
  .map((path) => readFileSync(join(tests, '../src/errors', path), 'utf8'))
  .flatMap((source) => [
    ...source.matchAll(/class (\w+) extends LeaseholdError \{\n\s+readonly code = '(\w+)'/g),
  ])
  .map(([, name = '', code = '']) => ({ name, code }))

describe('the errors', () => {
  it('are all exported, each with a code of its own', () => {
    expect(codes.map(({ name }) => name).sort()).toEqual(families.map(([name]) => name).sort())
    expect(new Set(codes.map(({ code }) => code)).size).toBe(codes.length)
    for (const { code } of codes) expect(code).toMatch(/^LSH_ERR_[A-Z_]+$/)
  })

  it.each(codes)('$name ($code) is thrown in a test', ({ name, code }) => {
    expect(sources.some((source) => source.includes(name) || source.includes(code))).toBe(true)
  })
})
