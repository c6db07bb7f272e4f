import { globSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LeaseholdError } from '../../src/errors/index.ts'

const SRC = join(import.meta.dirname, '../../src')
const CLASS = /class (\w+) extends LeaseholdError \{\n\s+readonly code = '(\w+)'/g

const written = globSync('**/*.ts', { cwd: SRC })
  .flatMap((path) => [...readFileSync(join(SRC, path), 'utf8').matchAll(CLASS)])
  .map(([, name = '', code = '']) => ({ name, code }))

describe('the name of an error', () => {
  it('is looked at for each class', () => {
    expect(written.length).toBeGreaterThan(40)
  })

  it.each(written)('of $code is $name', ({ name, code }) => {
    expect(Reflect.get(LeaseholdError.prototype, 'name', { code })).toBe(name)
  })

  it('is the base’s where a class of somebody else has another code', () => {
    class Elsewhere extends LeaseholdError {
      readonly code = 'E_ELSEWHERE'
      readonly retryable = false
    }
    expect(new Elsewhere('x').name).toBe('LeaseholdError')
  })
})

describe('in a bundle whose names are minified', () => {
  let folder: string
  let errors: typeof import('../../src/errors/index.ts')

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leasehold-minified-'))
    const outfile = join(folder, 'errors.mjs')
    const entryPoints = [join(SRC, 'errors/index.ts')]
    await build({ entryPoints, outfile, bundle: true, minify: true, format: 'esm', platform: 'node' })
    errors = await import(pathToFileURL(outfile).href)
  })

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true })
  })

  it('classes have lost their names', () => {
    expect(errors.QueueFullError.name).not.toBe('QueueFullError')
  })

  it('errors have kept theirs, and show it', () => {
    const error = new errors.ConfigError('options.primary is missing.')
    expect(error.name).toBe('ConfigError')
    expect(String(error)).toBe('ConfigError: options.primary is missing.')
    expect(new errors.TransactionAbortedError(new Error('x')).name).toBe('TransactionAbortedError')
  })
})
