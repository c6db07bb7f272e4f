import { afterEach, describe, expect, it, vi } from 'vitest'
import { ConfigError } from '../../../src/errors/config.ts'

afterEach(() => {
  vi.doUnmock('oxc-parser')
  vi.resetModules()
})

describe('the parser', () => {
  it('reads TypeScript', async () => {
    const { loadParser } = await import('../../../src/rls/source/load-parser.ts')
    const { parseSync } = await loadParser()
    expect(parseSync('a.ts', 'const a: string = `b`').errors).toEqual([])
  })

  it('is asked for by name when it is not installed', async () => {
    vi.doMock('oxc-parser', () => {
      throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' })
    })
    const { loadParser } = await import('../../../src/rls/source/load-parser.ts')
    const loading = loadParser()
    await expect(loading).rejects.toMatchObject({ name: ConfigError.name, code: 'LSH_ERR_CONFIG' })
    await expect(loading).rejects.toThrow('npm install --save-dev oxc-parser')
  })
})
