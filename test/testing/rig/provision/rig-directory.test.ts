import { chmod, chown, mkdir, mkdtemp, rm, stat, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { RigProvisionError, rigDirectory } from '../../../../src/testing/rig/provision/index.ts'

const uid = process.getuid?.() ?? 0

describe.skipIf(process.platform === 'win32')('the rig directory', () => {
  let parent: string
  let wanted: string
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'leasehold-directory-'))
    await chmod(parent, 0o755)
    wanted = join(parent, 'rig')
    vi.stubEnv('LEASEHOLD_RIG_DIR', wanted)
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    await rm(parent, { recursive: true, force: true })
  })

  it('is made where LEASEHOLD_RIG_DIR says, open to every reader in spite of the umask', async () => {
    const before = process.umask(0o077)
    try {
      expect(await rigDirectory()).toBe(wanted)
    } finally {
      process.umask(before)
    }
    expect((await stat(wanted)).mode & 0o777).toBe(0o755)
  })

  it('is the same for the same user the next time', async () => {
    expect(await rigDirectory()).toBe(await rigDirectory())
  })

  it('is a folder of the user’s own where everybody can write to the one named', async () => {
    await mkdir(wanted)
    await chmod(wanted, 0o757)
    expect(await rigDirectory()).toBe(`${wanted}-${uid}`)
  })

  it('is a folder of the user’s own where a group can write to the one named', async () => {
    await mkdir(wanted)
    await chmod(wanted, 0o775)
    expect(await rigDirectory()).toBe(`${wanted}-${uid}`)
  })

  it('is a folder of the user’s own where a symbolic link has the name', async () => {
    await mkdir(join(parent, 'elsewhere'))
    await symlink(join(parent, 'elsewhere'), wanted)
    expect(await rigDirectory()).toBe(`${wanted}-${uid}`)
  })

  it.runIf(uid === 0)('is a folder of the user’s own where the one named is another user’s', async () => {
    await mkdir(wanted)
    await chown(wanted, 65_534, 65_534)
    expect(await rigDirectory()).toBe(`${wanted}-0`)
  })

  it.runIf(uid === 0)('is refused to root where the servers’ user could not reach it', async () => {
    await chmod(parent, 0o700)
    await expect(rigDirectory()).rejects.toThrow(`${parent} has mode 700`)
  })

  it('is refused where the user’s own folder is somebody else’s to write to as well', async () => {
    for (const folder of [wanted, `${wanted}-${uid}`]) {
      await mkdir(folder)
      await chmod(folder, 0o777)
    }
    const refusal = rigDirectory()
    await expect(refusal).rejects.toThrow(RigProvisionError)
    await expect(refusal).rejects.toThrow(/can be written to by others.*Set LEASEHOLD_RIG_DIR/s)
  })

  it('is refused with a colon in its path', async () => {
    vi.stubEnv('LEASEHOLD_RIG_DIR', `${wanted}:2`)
    await expect(rigDirectory()).rejects.toThrow('colon')
  })
})
