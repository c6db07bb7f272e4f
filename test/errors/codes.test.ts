import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const SRC = join(import.meta.dirname, '../../src')
const INDEX = 'errors/index.ts'
const CODE = /\bLSH_ERR_[A-Z_]*[A-Z]\b/g

const codesIn = (path: string) => readFileSync(join(SRC, path), 'utf8').match(CODE) ?? []

it('every code that a source names is listed in errors/index.ts, once, and no other', () => {
  const used = globSync('**/*.ts', { cwd: SRC })
    .filter((path) => path !== INDEX)
    .flatMap(codesIn)
  expect(used.length).toBeGreaterThan(30)
  expect(codesIn(INDEX).sort()).toEqual([...new Set(used)].sort())
})
