import { access } from 'node:fs/promises'
import { debianCodename } from '../provision/debian.ts'
import { RigProvisionError } from '../provision/index.ts'
import { runCommand } from '../provision/run-command.ts'

const daemon = '/usr/sbin/dockerd'

/**
 * Path of `dockerd`, out of Debian's package `docker.io`, which is installed where it is missing.
 *
 * @throws {RigProvisionError} on another system, without root, or with what apt said.
 */
export async function dockerDaemon(): Promise<string> {
  if (process.getuid?.() !== 0) throw new RigProvisionError('Only root can run a Docker engine of its own.')
  if (await exists(daemon)) return daemon
  if ((await debianCodename()) === undefined) {
    throw new RigProvisionError(`There is no ${daemon}, and it can be installed on Debian only.`)
  }
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  await runCommand('apt-get', ['--quiet', 'update'], { timeoutMs: 120_000, env })
  await runCommand(
    'apt-get',
    ['--quiet', '--yes', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120', 'install', 'docker.io'],
    { timeoutMs: 400_000, env },
  )
  if (await exists(daemon)) return daemon
  throw new RigProvisionError(`The package docker.io was installed, but there is no ${daemon}.`)
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch {
    return false
  }
}
