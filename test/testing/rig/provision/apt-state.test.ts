import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AptState } from '../../../../src/testing/rig/provision/apt-state.ts'

const architecture = debianArchitecture()

describe.runIf(architecture !== undefined)('the private apt', () => {
  let folder: string
  let state: AptState
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leasehold-apt-'))
    await chmod(folder, 0o755)
    await writeUnsignedMirror(join(folder, 'mirror'))
    await mkdir(join(folder, 'state'))
    const source = { uri: `file:${folder}/mirror/`, suite: 'sample', component: 'main' }
    state = await AptState.create(join(folder, 'state'), [source])
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('takes nothing from a mirror whose lists nobody signed', async () => {
    expect(await state.update()).toContain('is not signed')
    expect(await state.candidate('leasehold-sample')).toBeUndefined()
    await expect(state.download('leasehold-sample')).rejects.toThrow('Unable to locate package')
  })

  it('keeps to its own folder', async () => {
    const configuration = join(folder, 'state/apt.conf')
    const dump = execFileSync('apt-config', ['-c', configuration, 'dump'], { encoding: 'utf8' })
    for (const name of ['Dir::State', 'Dir::State::lists', 'Dir::State::status', 'Dir::Cache::archives']) {
      expect(new RegExp(`^${name} "(.*)";$`, 'm').exec(dump)?.[1]).toMatch(new RegExp(`^${folder}/state`))
    }
    expect(dump).not.toContain('Post-Invoke')
  })

  it('counts every package as missing', async () => {
    expect((await stat(join(folder, 'state/status'))).size).toBe(0)
    expect(await readFile(join(folder, 'state/sources.list'), 'utf8')).not.toContain('trusted')
  })
})

/** A mirror with one package in its lists. */
async function writeUnsignedMirror(mirror: string): Promise<void> {
  const lists = join(mirror, `dists/sample/main/binary-${architecture}`)
  await mkdir(lists, { recursive: true })
  const digest = (text: string) => createHash('sha256').update(text).digest('hex')
  const packages = [
    'Package: leasehold-sample',
    'Version: 1.0',
    `Architecture: ${architecture}`,
    'Maintainer: Nobody <nobody@example.org>',
    'Filename: pool/leasehold-sample.deb',
    'Size: 1',
    `SHA256: ${digest('x')}`,
    '',
  ].join('\n')
  await writeFile(join(lists, 'Packages'), packages)
  const release = [
    'Suite: sample',
    'Codename: sample',
    'Components: main',
    `Architectures: ${architecture}`,
    `Date: ${new Date().toUTCString()}`,
    'SHA256:',
    ` ${digest(packages)} ${packages.length} main/binary-${architecture}/Packages`,
    '',
  ].join('\n')
  await writeFile(join(mirror, 'dists/sample/Release'), release)
}

/** Undefined where there is no apt. */
function debianArchitecture(): string | undefined {
  try {
    execFileSync('apt-get', ['--version'], { stdio: 'ignore' })
    return execFileSync('dpkg', ['--print-architecture'], { encoding: 'utf8' }).trim()
  } catch {
    return undefined
  }
}
