import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findSources } from '../../src/cli/options/find-sources.ts'
import { ConfigError } from '../../src/errors/config.ts'
import { ScratchFolder } from './scratch-folder.ts'

function project(): ScratchFolder {
  const folder = new ScratchFolder({ 'main.ts': '', 'notes.md': '' })
  for (const path of ['src/deep/[id]', 'src/node_modules/pg'])
    mkdirSync(join(folder.path, path), { recursive: true })
  for (const path of ['src/a.ts', 'src/b.sql', 'src/deep/[id]/page.tsx', 'src/node_modules/pg/index.js']) {
    writeFileSync(join(folder.path, path), '')
  }
  return folder
}

describe('the sources', () => {
  it.each([
    [['src'], ['src/a.ts', 'src/deep/[id]/page.tsx']],
    [['main.ts', 'main.ts'], ['main.ts']],
    [
      ['src/*', '*.ts'],
      ['main.ts', 'src/a.ts', 'src/b.sql'],
    ],
    [['src/deep/[id]'], ['src/deep/[id]/page.tsx']],
    [[], []],
  ])('that %j name are %j', async (patterns, expected) => {
    using folder = project()
    expect(await findSources(patterns, folder.path, folder.path)).toEqual(expected)
  })

  it('are named from the folder in which the command runs, so that a baseline holds on any machine', async () => {
    using folder = project()
    expect(await findSources(['a.ts'], join(folder.path, 'src'), folder.path)).toEqual(['src/a.ts'])
  })

  it('are not nothing', async () => {
    using folder = project()
    await expect(findSources(['lib/**/*.ts'], folder.path, folder.path)).rejects.toThrow(ConfigError)
  })
})
