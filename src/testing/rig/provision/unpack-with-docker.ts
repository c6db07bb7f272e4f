import { randomUUID } from 'node:crypto'
import type { DebianProgram } from './debian-program.ts'
import { runCommand } from './run-command.ts'

/** Whether a Docker engine answers the `docker` command. */
export async function dockerAnswers(): Promise<boolean> {
  try {
    await runCommand('docker', ['version', '--format', '{{.Server.Version}}'], { timeoutMs: 10_000 })
    return true
  } catch {
    return false
  }
}

/**
 * Downloads a program's Debian package with all that it depends on inside a container of that release,
 * and copies the unpacked files out to `root`. The program itself does not run in the container.
 *
 * @returns The package's version.
 * @throws {RigProvisionError} with what the container printed.
 */
export async function unpackWithDocker(
  { packageName, release }: DebianProgram,
  root: string,
): Promise<string> {
  const container = `leasehold-rig-${randomUUID()}`
  try {
    const { stdout } = await runCommand(
      'docker',
      ['run', '--name', container, `debian:${release}-slim`, 'sh', '-euc', script, 'sh', packageName],
      { timeoutMs: 300_000 },
    )
    await runCommand('docker', ['cp', `${container}:/unpacked`, root], { timeoutMs: 60_000 })
    return stdout.trim()
  } finally {
    await runCommand('docker', ['rm', '--force', '--volumes', container], { timeoutMs: 30_000 }).catch(
      () => undefined,
    )
  }
}

/** An empty list of installed packages makes apt count every dependency as missing. */
const script = `
exec 3>&1 >&2
: > /status
mkdir -p /archives/partial /unpacked
apt-get update
apt-get -o Dir::State::status=/status -o Dir::Cache::archives=/archives \\
  install --download-only --no-install-recommends --yes "$1"
for archive in /archives/*.deb; do dpkg-deb --extract "$archive" /unpacked; done
dpkg-deb --field /archives/"$1"_*.deb Version >&3
`
