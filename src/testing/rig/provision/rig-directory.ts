import { chmod, lstat, mkdir } from 'node:fs/promises'
import { platform } from 'node:os'
import { dirname, resolve } from 'node:path'
import { RigProvisionError } from './rig-provision-error.ts'

const defaultDirectory = '/var/tmp/leasehold-rig'

/**
 * The folder that holds the rig's programs and data: `LEASEHOLD_RIG_DIR`, by default
 * `/var/tmp/leasehold-rig`, made with mode 0755 when missing. It belongs to the calling user and nobody
 * else can write to it. Where the folder of that name belongs to another user, `<folder>-<uid>` is used.
 *
 * @throws {RigProvisionError} when neither is a folder that only this user can write to.
 */
export async function rigDirectory(): Promise<string> {
  const wanted = resolve(process.env.LEASEHOLD_RIG_DIR || defaultDirectory)
  if (platform() !== 'win32' && wanted.includes(':')) {
    // The dynamic loader has no way to quote it.
    throw new RigProvisionError(
      `LEASEHOLD_RIG_DIR is ${wanted}: a library path cannot hold a colon. Choose another folder.`,
    )
  }
  const uid = process.getuid?.()
  const objection = await claim(wanted, uid)
  if (objection === undefined) return wanted
  const own = `${wanted}-${uid}`
  const secondObjection = await claim(own, uid)
  if (secondObjection === undefined) return own
  throw new RigProvisionError(
    `No folder for the test rig: ${wanted} ${objection}, and ${own} ${secondObjection}. ` +
      'Set LEASEHOLD_RIG_DIR to a folder that belongs to you and that nobody else can write to.',
  )
}

/** Makes the folder where it is missing; answers why it cannot be trusted, or nothing. */
async function claim(directory: string, uid: number | undefined): Promise<string | undefined> {
  try {
    await mkdir(dirname(directory), { recursive: true })
    await mkdir(directory, { mode: 0o755 })
    // The umask may have taken away what a server under another user id needs in order to reach its files.
    await chmod(directory, 0o755)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code !== 'EEXIST') return `cannot be made (${code})`
  }
  // lstat: a symbolic link in a world-writable folder may have been put there by anybody.
  const stats = await lstat(directory)
  if (!stats.isDirectory()) return 'is not a folder'
  if (uid === undefined) return undefined
  if (stats.uid !== uid) return `belongs to user id ${stats.uid}`
  if ((stats.mode & 0o022) !== 0) return 'can be written to by others'
  return uid === 0 ? unreachable(directory) : undefined
}

/** Root starts servers under another user id, which must be able to reach the programs. */
async function unreachable(directory: string): Promise<string | undefined> {
  for (let path = directory; path !== dirname(path); path = dirname(path)) {
    const { mode } = await lstat(path)
    if ((mode & 0o001) === 0)
      return `cannot be reached by other users, as ${path} has mode ${(mode & 0o777).toString(8)}`
  }
  return undefined
}
