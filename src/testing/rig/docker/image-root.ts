import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { publishTree } from '../provision/publish-tree.ts'
import { runCommand } from '../provision/run-command.ts'
import { entrypoint, readinessCheck } from './image-scripts.ts'

/** The server's user in the image; PostgreSQL refuses to run as root. */
export const imageUserId = 999

/**
 * Lays into `root` what PostgreSQL's programs need around them in a container: a shell, this machine's C
 * library, a user, and the scripts. The programs themselves are added under their folder's own name.
 *
 * @param programs Folder with PostgreSQL's `bin`, `lib` and `share`.
 */
export async function layImageRoot(root: string, programs: string): Promise<void> {
  for (const folder of ['bin', 'etc', 'tmp', 'run', 'data']) await mkdir(join(root, folder))
  const shell = '/bin/bash'
  const executables = [shell, ...['postgres', 'initdb', 'pg_ctl'].map((name) => join(programs, 'bin', name))]
  for (const library of await machineLibraries(executables, programs)) {
    // Under the same path, where the dynamic loader, which is this machine's too, looks by itself.
    await mkdir(join(root, dirname(library)), { recursive: true })
    await copyFile(library, join(root, library))
  }
  await copyFile(shell, join(root, shell))
  // initdb and the entrypoint's users call `sh`.
  await symlink('bash', join(root, 'bin/sh'))
  await writeFile(join(root, 'etc/passwd'), `postgres:x:${imageUserId}:${imageUserId}::/data:/bin/sh\n`)
  await writeFile(join(root, 'etc/group'), `postgres:x:${imageUserId}:\n`)
  await writeFile(join(root, 'bin/docker-entrypoint.sh'), entrypoint, { mode: 0o755 })
  await writeFile(join(root, 'bin/pg_isready'), readinessCheck, { mode: 0o755 })
  await publishTree(root)
}

/** Where the image has PostgreSQL's programs. */
export function imagePath(programs: string): string {
  return `/${basename(programs)}/bin:/bin`
}

/** The shared libraries outside the programs' own folder, and the dynamic loader. */
async function machineLibraries(executables: readonly string[], programs: string): Promise<Set<string>> {
  const { stdout } = await runCommand('ldd', executables, { timeoutMs: 10_000 })
  const paths = [...stdout.matchAll(/^\s+(?:\S+ => )?(\/\S+) \(0x[0-9a-f]+\)$/gm)].map(
    ([, path = '']) => path,
  )
  return new Set(paths.filter((path) => !path.startsWith(`${programs}/`)))
}
