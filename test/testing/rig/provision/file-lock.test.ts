import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withFileLock } from '../../../../src/testing/rig/provision/file-lock.ts'
import { RigProvisionError } from '../../../../src/testing/rig/provision/index.ts'
import { firstLine, killAtOnce, outputOf, startScript } from './child.ts'

describe('the file lock', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leasehold-lock-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('keeps three processes from losing one of thirty additions', async () => {
    const counter = join(folder, 'counter')
    await writeFile(counter, '0')
    const lock = join(folder, 'shared.lock')
    await Promise.all([1, 2, 3].map(() => outputOf(startScript('count-under-lock.ts', [lock, counter]))))
    expect(await readFile(counter, 'utf8')).toBe('30')
  })

  it('keeps two callers in one process apart', async () => {
    const lock = join(folder, 'local.lock')
    const order: string[] = []
    const body = (name: string) => async () => {
      order.push(`${name} in`)
      await new Promise((resolve) => setTimeout(resolve, 20))
      order.push(`${name} out`)
    }
    await Promise.all([withFileLock(lock, 5_000, body('a')), withFileLock(lock, 5_000, body('b'))])
    expect([order.slice(0, 2), order.slice(2)].map((pair) => pair.map((step) => step.slice(2)))).toEqual([
      ['in', 'out'],
      ['in', 'out'],
    ])
  })

  it('is taken over at once from a process that was killed', async () => {
    const lock = join(folder, 'killed.lock')
    const holder = startScript('hold-lock.ts', [lock])
    expect(await firstLine(holder)).toBe('held')
    await killAtOnce(holder)
    const start = performance.now()
    expect(await withFileLock(lock, 2_000, async () => 'mine')).toBe('mine')
    expect(performance.now() - start).toBeLessThan(1_500)
  })

  it('is taken over from a holder of another container that no longer touches it', async () => {
    const lock = join(folder, 'foreign.lock')
    await writeFile(lock, `${process.pid} pid:[1] some-owner`)
    const longAgo = new Date(Date.now() - 9_000)
    await utimes(lock, longAgo, longAgo)
    expect(await withFileLock(lock, 2_000, async () => 'mine')).toBe('mine')
  })

  it('is left to a holder of another container that touched it just now', async () => {
    const lock = join(folder, 'fresh.lock')
    // No process of this number can exist here; the other container may well have it.
    await writeFile(lock, '99999999 pid:[1] some-owner')
    await expect(withFileLock(lock, 200, async () => 'mine')).rejects.toThrow(RigProvisionError)
  })

  it('leaves no file behind, even where the work fails', async () => {
    const own = join(folder, 'own')
    const failing = withFileLock(join(own, 'failing.lock'), 1_000, async () => {
      throw new RangeError('the work failed')
    })
    await expect(failing).rejects.toThrow('the work failed')
    expect(await readdir(own)).toEqual([])
  })

  it('is not removed by a holder from whom it was taken', async () => {
    const lock = join(folder, 'lost.lock')
    await withFileLock(lock, 1_000, () => writeFile(lock, 'somebody else'))
    expect(await readFile(lock, 'utf8')).toBe('somebody else')
  })
})
