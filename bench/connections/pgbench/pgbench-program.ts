import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { findProgram } from '../../../src/testing/rig/provision/find-program.ts'
import { type ProgramKind, programVersion } from '../../../src/testing/rig/provision/path-program.ts'
import type { Program } from '../../../src/testing/rig/provision/program.ts'

/** `\startpipeline` came with 14. */
const OLDEST = 14

const kind: ProgramKind = {
  name: 'pgbench',
  versionPattern: /^pgbench \(PostgreSQL\) (\d+(?:\.\d+)*)/,
  fits: (version) => Number.parseInt(version, 10) >= OLDEST,
}

/** Debian's server packages leave it out of PATH, or put a script there that looks for it at every start. */
const DEBIAN_FOLDER = '/usr/lib/postgresql'

/**
 * Finds pgbench: where Debian has it, in PATH, or out of a Debian package that nothing else is done with.
 *
 * @throws {RigProvisionError} with what to install
 */
export async function pgbenchProgram(): Promise<Program> {
  return (
    (await installedByDebian()) ??
    (await findProgram({
      kind,
      folderName: 'pgbench',
      debian: {
        packageName: 'postgresql-17',
        path: 'usr/lib/postgresql/17/bin/pgbench',
        release: 'trixie',
      },
      advice: `Install pgbench ${OLDEST} or later where PATH finds it; it comes with PostgreSQL's server or contrib package.`,
    }))
  )
}

async function installedByDebian(): Promise<Program | undefined> {
  const majors = await readdir(DEBIAN_FOLDER).catch(() => [])
  for (const major of majors.sort((a, b) => Number(b) - Number(a))) {
    const command = join(DEBIAN_FOLDER, major, 'bin', 'pgbench')
    const version = await programVersion(command, [], kind).catch(() => undefined)
    if (version !== undefined && kind.fits(version)) return { command, args: [], env: {}, version }
  }
  return undefined
}
