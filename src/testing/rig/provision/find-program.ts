import { chmod, mkdir, rm } from 'node:fs/promises'
import { platform } from 'node:os'
import { join } from 'node:path'
import { debianCodename } from './debian.ts'
import type { DebianProgram } from './debian-program.ts'
import { type ProgramKind, programInPath, programVersion } from './path-program.ts'
import type { Program } from './program.ts'
import { programFolder } from './program-folder.ts'
import { RigProvisionError } from './rig-provision-error.ts'
import { extractProgram, selfContained } from './shared-objects.ts'
import { unpackWithApt } from './unpack-with-apt.ts'
import { dockerAnswers, unpackWithDocker } from './unpack-with-docker.ts'

/** Where a server program may come from. */
export interface ProgramSources {
  readonly kind: ProgramKind
  /** What the program's folder in the rig is called. */
  readonly folderName: string
  /** The package to take where PATH has none that fits. */
  readonly debian: DebianProgram
  /** For the message where nothing else works: what to install. */
  readonly advice: string
}

/** Long enough for a slow mirror. */
const waitForOtherMs = 600_000

/**
 * Finds a server program: in PATH if its version fits, else one laid into the rig's folder earlier, else
 * out of a Debian package, by apt on Debian and by Docker on any other Linux. A program out of a package
 * runs with its own loader and libraries, so it need not fit the machine's.
 *
 * @throws {RigProvisionError} with what to install.
 */
export async function findProgram(sources: ProgramSources): Promise<Program> {
  const { kind, folderName, debian } = sources
  const inPath = await programInPath(kind)
  if (inPath !== undefined) return inPath
  const folder = await programFolder(folderName, waitForOtherMs, async (staging) => {
    const work = join(staging, 'work')
    await mkdir(work)
    // Under root apt downloads as its sandbox user, who must be able to pass.
    await chmod(work, 0o755)
    const root = join(work, 'root')
    const version = await unpack(sources, work, root)
    await extractProgram(root, debian.path, staging)
    await rm(work, { recursive: true })
    await programIn(staging, sources)
    return version
  })
  return programIn(folder, sources)
}

async function unpack({ kind, debian, advice }: ProgramSources, work: string, root: string): Promise<string> {
  const isDebian = (await debianCodename()) !== undefined
  if (!isDebian && !(platform() === 'linux' && (await dockerAnswers()))) {
    throw new RigProvisionError(
      `No ${kind.name} that fits was found in PATH, and it can be downloaded only on Debian or, on another Linux, with Docker. ${advice}`,
    )
  }
  try {
    return isDebian ? await unpackWithApt(debian, work, root) : await unpackWithDocker(debian, root)
  } catch (error) {
    if (!(error instanceof RigProvisionError)) throw error
    throw new RigProvisionError(`${error.message}\n${advice}`, { cause: error })
  }
}

async function programIn(folder: string, { kind, advice }: ProgramSources): Promise<Program> {
  const { loader, args } = await selfContained(folder, kind.name)
  const version = await programVersion(loader, args, kind)
  if (version !== undefined && kind.fits(version)) return { command: loader, args, env: {}, version }
  throw new RigProvisionError(
    `${kind.name} in ${folder} says version ${version}, which does not fit. ${advice}`,
  )
}
