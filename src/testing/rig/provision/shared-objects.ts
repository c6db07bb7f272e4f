import { copyFile, mkdir, readdir, realpath } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { RigProvisionError } from './rig-provision-error.ts'
import { runCommand } from './run-command.ts'

/** A program laid out on its own: it runs with these libraries and this dynamic loader, not the machine's. */
export interface SelfContained {
  readonly loader: string
  readonly args: readonly string[]
}

/**
 * Takes a program and the shared libraries that it loads out of an unpacked set of packages, and puts
 * them with the set's dynamic loader into one folder.
 *
 * @param root Where the packages are unpacked.
 * @param program Path of the program in it, such as `usr/sbin/pgbouncer`.
 * @throws {RigProvisionError} when a library is missing from the set.
 */
export async function extractProgram(root: string, program: string, target: string): Promise<void> {
  const libraryFolders = await multiarchFolders(root)
  const loader = await findLoader(libraryFolders)
  await mkdir(join(target, 'lib'), { recursive: true })
  const path = join(root, program)
  const { stdout } = await runCommand(
    loader,
    ['--inhibit-cache', '--library-path', libraryFolders.join(':'), '--list', path],
    { timeoutMs: 10_000 },
  )
  const lib = join(target, 'lib')
  // The C library lists the loader, so it is among them.
  for (const [, name = '', file = ''] of stdout.matchAll(/^\s*(\S+) => (.+?)(?: \(0x[0-9a-f]+\))?$/gm)) {
    await copyFile(await fileOf(root, file, name), join(lib, basename(name)))
  }
  await copyFile(await fileOf(root, path, program), join(target, basename(program)))
  await copyUnwinder(libraryFolders, target)
}

/** The file that a path leads to; an absolute link would lead out of the set, to the machine's own file. */
async function fileOf(root: string, path: string, name: string): Promise<string> {
  const file = await realpath(path).catch(() => path)
  if (file.startsWith(`${await realpath(root)}/`)) return file
  throw new RigProvisionError(`${name} is needed, and the packages do not hold it (${path}).`)
}

/** How to run what {@link extractProgram} has laid out. */
export async function selfContained(folder: string, program: string): Promise<SelfContained> {
  const lib = join(folder, 'lib')
  const loader = await findLoader([lib])
  return { loader, args: ['--inhibit-cache', '--library-path', lib, join(folder, program)] }
}

/** glibc opens it by name when a thread is cancelled, so no program lists it. */
async function copyUnwinder(folders: readonly string[], target: string): Promise<void> {
  for (const folder of folders) {
    const names = await readdir(folder)
    if (names.includes('libgcc_s.so.1')) {
      await copyFile(join(folder, 'libgcc_s.so.1'), join(target, 'lib', 'libgcc_s.so.1'))
      return
    }
  }
}

/** `lib/<triplet>` and `usr/lib/<triplet>`: Debian's multiarch folders. */
async function multiarchFolders(root: string): Promise<string[]> {
  const folders: string[] = []
  for (const lib of [join(root, 'usr/lib'), join(root, 'lib')]) {
    const names = await readdir(lib).catch(() => [])
    folders.push(...names.filter((name) => name.includes('-linux-gnu')).map((name) => join(lib, name)))
  }
  return folders
}

async function findLoader(folders: readonly string[]): Promise<string> {
  for (const folder of folders) {
    const loader = (await readdir(folder)).find((name) => /^ld-linux.*\.so\.\d+$/.test(name))
    if (loader !== undefined) return join(folder, loader)
  }
  throw new RigProvisionError(`No dynamic loader (ld-linux*.so.*) in ${folders.join(', ')}.`)
}
