import { execFileSync } from 'node:child_process'
import { chmod, copyFile, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { extractProgram, selfContained } from '../../../../src/testing/rig/provision/shared-objects.ts'

const machine = machineLibraries()

describe.runIf(machine !== undefined)('a program taken out of its packages', () => {
  let folder: string
  let root: string
  let libraries: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leasehold-objects-'))
    root = join(folder, 'root')
    libraries = join(root, 'lib/x86_64-linux-gnu')
    await mkdir(libraries, { recursive: true })
    await mkdir(join(root, 'usr/bin'), { recursive: true })
    await mkdir(join(folder, 'target'))
    await copyFile('/bin/true', join(root, 'usr/bin/true'))
    await copyFile(machine?.loader ?? '', join(libraries, basename(machine?.loader ?? '')))
    await chmod(join(libraries, basename(machine?.loader ?? '')), 0o755)
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('comes with its loader and libraries, and runs with them', async () => {
    await copyFile(machine?.libc ?? '', join(libraries, 'libc.so.6'))
    await extractProgram(root, 'usr/bin/true', join(folder, 'target'))
    await rm(root, { recursive: true })
    expect(await readdir(join(folder, 'target/lib'))).toContain('libc.so.6')
    const { loader, args } = await selfContained(join(folder, 'target'), 'true')
    expect(loader.startsWith(folder)).toBe(true)
    execFileSync(loader, args)
  })

  it('is refused where the packages lack a library, though the machine has it', async () => {
    const extraction = extractProgram(root, 'usr/bin/true', join(folder, 'target'))
    await expect(extraction).rejects.toThrow('libc.so.6 is needed, and the packages do not hold it')
  })

  it('is refused where a link leads out of the packages to the machine’s library', async () => {
    await symlink(machine?.libc ?? '', join(libraries, 'libc.so.6'))
    const extraction = extractProgram(root, 'usr/bin/true', join(folder, 'target'))
    await expect(extraction).rejects.toThrow('libc.so.6 is needed, and the packages do not hold it')
  })
})

/** Paths of this machine's dynamic loader and C library; undefined where it has no glibc. */
function machineLibraries(): { loader: string; libc: string } | undefined {
  try {
    const output = execFileSync('ldd', ['/bin/true'], { encoding: 'utf8' })
    const loader = /^\s+(\/\S*ld-linux\S*)/m.exec(output)?.[1]
    const libc = /libc\.so\.6 => (\/\S+)/.exec(output)?.[1]
    return loader === undefined || libc === undefined ? undefined : { loader, libc }
  } catch {
    return undefined
  }
}
