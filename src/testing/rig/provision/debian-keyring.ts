import { access, chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AptState } from './apt-state.ts'
import { debianCodename, debianSources } from './debian.ts'
import { RigProvisionError } from './rig-provision-error.ts'
import { unpackArchives } from './unpack-archives.ts'

/**
 * Debian's present keys, out of the package that this machine's own release carries and signs: a release
 * that is older than another one learns the other's keys by an update of that package.
 *
 * @param work An empty folder of the caller's.
 * @returns The key file's path.
 */
export async function downloadKeyring(work: string): Promise<string> {
  await mkdir(work)
  await chmod(work, 0o755)
  const codename = await debianCodename()
  const state = await AptState.create(
    join(work, 'apt'),
    codename === undefined ? [] : await debianSources(codename),
  )
  const complaints = await state.update()
  if ((await state.candidate('debian-archive-keyring')) === undefined) {
    throw new RigProvisionError(`apt has no package debian-archive-keyring. ${complaints}`)
  }
  const root = join(work, 'root')
  await unpackArchives(await state.download('debian-archive-keyring'), root)
  for (const type of ['gpg', 'pgp']) {
    const keyring = join(root, `usr/share/keyrings/debian-archive-keyring.${type}`)
    try {
      await access(keyring)
      return keyring
    } catch {}
  }
  throw new RigProvisionError(`The package debian-archive-keyring of Debian ${codename} holds no key file.`)
}
