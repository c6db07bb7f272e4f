import { join } from 'node:path'
import { AptState } from './apt-state.ts'
import { type DebianSource, debianSources } from './debian.ts'
import { downloadKeyring } from './debian-keyring.ts'
import type { DebianProgram } from './debian-program.ts'
import { RigProvisionError } from './rig-provision-error.ts'
import { unpackArchives } from './unpack-archives.ts'

/**
 * Downloads a program's Debian package and all that it depends on from this machine's own mirror, and
 * unpacks them into `root`. Needs neither root nor package lists, and installs nothing.
 *
 * @param work An empty folder of the caller's.
 * @returns The package's version.
 * @throws {RigProvisionError} with what apt said.
 */
export async function unpackWithApt(program: DebianProgram, work: string, root: string): Promise<string> {
  const { packageName, release } = program
  const sources = await debianSources(release)
  const state = await AptState.create(join(work, 'apt'), sources)
  const complaints = await state.update()
  const version = await state.candidate(packageName)
  if (version !== undefined) {
    await unpackArchives(await state.download(packageName), root)
    return version
  }
  if (!/NO_PUBKEY|is not signed/.test(complaints)) throw notFound(program, sources, complaints)
  // This machine's key file is older than the release.
  const keyring = await downloadKeyring(join(work, 'keyring'))
  const trusting = await AptState.create(join(work, 'again'), sources, keyring)
  const remaining = await trusting.update()
  const found = await trusting.candidate(packageName)
  if (found === undefined) throw notFound(program, sources, remaining)
  await unpackArchives(await trusting.download(packageName), root)
  return found
}

function notFound(
  { packageName, release }: DebianProgram,
  sources: readonly DebianSource[],
  complaints: string,
): RigProvisionError {
  const asked = sources.map(({ uri, suite }) => `${uri} ${suite}`).join(', ')
  return new RigProvisionError(
    `apt has no package ${packageName} of Debian ${release} from ${asked || 'no source at all'}. ${complaints}`.trim(),
  )
}
