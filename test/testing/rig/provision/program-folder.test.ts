import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { programFolder } from '../../../../src/testing/rig/provision/program-folder.ts'
import { firstLine, killAtOnce, startScript } from './child.ts'

describe('a program folder', () => {
  let rig: string
  beforeEach(async () => {
    rig = await mkdtemp(join(tmpdir(), 'leasehold-folder-'))
    await chmod(rig, 0o755)
    vi.stubEnv('LEASEHOLD_RIG_DIR', rig)
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    await rm(rig, { recursive: true, force: true })
  })

  const fillWith = (text: string, version: string) => async (staging: string) => {
    await writeFile(join(staging, 'program'), text)
    return version
  }

  it('is named after the version that its filling tells', async () => {
    const folder = await programFolder('sample', 1_000, fillWith('#!', '1.2.3'))
    expect(folder).toBe(join(rig, 'programs', 'sample@1.2.3'))
    expect(await readFile(join(folder, 'program'), 'utf8')).toBe('#!')
  })

  it('has no colon in its name, which would end a library path', async () => {
    expect(basename(await programFolder('sample', 1_000, fillWith('', '5:7.0')))).toBe('sample@5_7.0')
  })

  it('is filled once', async () => {
    const first = await programFolder('sample', 1_000, fillWith('first', '1'))
    expect(await programFolder('sample', 1_000, fillWith('second', '2'))).toBe(first)
  })

  it('is filled once by two callers at the same time', async () => {
    let fillings = 0
    const slowly = async (staging: string) => {
      fillings++
      await sleep(50)
      return fillWith('slow', '1')(staging)
    }
    const [one, other] = await Promise.all([
      programFolder('sample', 5_000, slowly),
      programFolder('sample', 5_000, slowly),
    ])
    expect(one).toBe(other)
    expect(fillings).toBe(1)
  })

  it('is not mistaken for one whose name begins alike', async () => {
    await programFolder('sample-1', 1_000, fillWith('other', '1'))
    const folder = await programFolder('sample', 1_000, fillWith('mine', '1'))
    expect(await readFile(join(folder, 'program'), 'utf8')).toBe('mine')
  })

  it('is absent after a filling that failed, and can be filled again', async () => {
    const failing = async (staging: string) => {
      await writeFile(join(staging, 'program'), 'half')
      throw new RangeError('the disk is full')
    }
    await expect(programFolder('sample', 1_000, failing)).rejects.toThrow('the disk is full')
    expect(await readdir(join(rig, 'staging'))).toEqual([])
    const folder = await programFolder('sample', 1_000, fillWith('whole', '1'))
    expect(await readFile(join(folder, 'program'), 'utf8')).toBe('whole')
  })

  it('holds nothing of a filling whose process was killed', async () => {
    const child = startScript('fill-half.ts', [], { env: { ...process.env, LEASEHOLD_RIG_DIR: rig } })
    const half = await firstLine(child)
    await killAtOnce(child)
    expect(await readdir(half)).toEqual(['first'])
    const folder = await programFolder('sample', 5_000, fillWith('whole', '1'))
    expect(await readdir(folder)).toEqual(['program'])
    expect(await readdir(join(rig, 'staging'))).toEqual([])
  })

  it('is the other process’s where that one was quicker in spite of the lock', async () => {
    const folder = await programFolder('sample', 1_000, async (staging) => {
      // As if this process had been stopped for so long that its lock was taken over.
      await rm(join(rig, 'locks', 'sample.lock'))
      await programFolder('sample', 1_000, fillWith('theirs', '1'))
      return fillWith('mine', '1')(staging)
    })
    expect(await readFile(join(folder, 'program'), 'utf8')).toBe('theirs')
  })

  it.skipIf(process.platform === 'win32')(
    'can be read and run by every user, whatever the umask',
    async () => {
      const before = process.umask(0o077)
      try {
        const folder = await programFolder('sample', 1_000, async (staging) => {
          await writeFile(join(staging, 'program'), '', { mode: 0o700 })
          await writeFile(join(staging, 'data'), '', { mode: 0o600 })
          return '1'
        })
        const modes = await Promise.all(
          ['..', '.', 'program', 'data'].map(async (name) => (await stat(join(folder, name))).mode & 0o777),
        )
        expect(modes).toEqual([0o755, 0o755, 0o755, 0o644])
      } finally {
        process.umask(before)
      }
    },
  )
})
