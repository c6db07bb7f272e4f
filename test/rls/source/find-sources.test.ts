import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../../src/errors/config.ts'
import { findSources } from '../../../src/rls/source/find-sources.ts'
import { writeProgram } from './program.ts'

const FILES = {
  'src/a.ts': '',
  'src/deep/b.mjs': '',
  'src/deep/node_modules/x/c.js': '',
  'src/types.d.ts': '',
  'test/[x].test.ts': '',
  'notes.md': '',
}

describe('the sources', () => {
  it.each([
    [['src'], ['src/a.ts', 'src/deep/b.mjs']],
    [['.'], ['src/a.ts', 'src/deep/b.mjs', 'test/[x].test.ts']],
    [['src/**/*.ts'], ['src/a.ts']],
    [['src/**'], ['src/a.ts', 'src/deep/b.mjs']],
    [
      ['test/[x].test.ts', './src/a.ts', 'src/a.ts'],
      ['src/a.ts', 'test/[x].test.ts'],
    ],
    [['src/types.d.ts'], ['src/types.d.ts']], // named outright
  ])('that %j names are %j', async (patterns, files) => {
    expect(await findSources(patterns, await writeProgram(FILES))).toEqual(files)
  })

  it.each(['scr', 'src/**/*.vue', '*.md'])('may not be none: %s', async (pattern) => {
    const sources = findSources([pattern], await writeProgram(FILES))
    await expect(sources).rejects.toThrow(ConfigError)
    await expect(sources).rejects.toThrow(JSON.stringify(pattern))
  })
})
