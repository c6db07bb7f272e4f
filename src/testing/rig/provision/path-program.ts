import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import type { Program } from './program.ts'
import { runCommand } from './run-command.ts'

/** What a server program is called and which of its versions will do. */
export interface ProgramKind {
  readonly name: string
  /** Finds the version in what `--version` prints. */
  readonly versionPattern: RegExp
  /** Whether a version such as `1.24.1` will do. */
  readonly fits: (version: string) => boolean
}

/** Servers live in `/usr/sbin`, which an ordinary user's PATH may lack. */
const serverFolders = ['/usr/sbin', '/usr/local/sbin']

/** The first program of that name in PATH whose version will do. */
export async function programInPath(kind: ProgramKind): Promise<Program | undefined> {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  for (const folder of new Set([...folders, ...serverFolders])) {
    const command = join(folder, kind.name)
    if (!(await isExecutable(command))) continue
    const version = await programVersion(command, [], kind).catch(() => undefined)
    if (version !== undefined && kind.fits(version)) return { command, args: [], env: {}, version }
  }
  return undefined
}

/** The version that a program says it has; undefined when it prints none. */
export async function programVersion(
  command: string,
  args: readonly string[],
  { versionPattern }: ProgramKind,
): Promise<string | undefined> {
  const { stdout } = await runCommand(command, [...args, '--version'], { timeoutMs: 10_000 })
  return versionPattern.exec(stdout)?.[1]
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
