import { randomUUID } from 'node:crypto'
import { chmod, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { withFileLock } from './file-lock.ts'
import { publishTree } from './publish-tree.ts'
import { rigDirectory } from './rig-directory.ts'

/** Fills an empty folder with a program and answers the version that the folder is to be named after. */
export type FillFolder = (staging: string) => Promise<string>

/**
 * The folder `<rig>/programs/<name>@<version>` of a program, filled by `fill` when there is none yet.
 *
 * The program is put together in a staging folder and renamed into place when complete, so a folder found
 * under its final name is whole, whatever happened to the process that made it. Of several processes one
 * fills and the others wait. Every user may read and execute what is in it.
 *
 * @param timeoutMs How long to wait for another process that is filling the same folder.
 */
export async function programFolder(name: string, timeoutMs: number, fill: FillFolder): Promise<string> {
  const rig = await rigDirectory()
  const programs = join(rig, 'programs')
  const found = await newest(programs, name)
  if (found !== undefined) return found
  return withFileLock(join(rig, 'locks', `${name}.lock`), timeoutMs, async () => {
    const waitedFor = await newest(programs, name)
    if (waitedFor !== undefined) return waitedFor
    const staging = join(rig, 'staging', name)
    try {
      return await fillAndPublish(staging, programs, name, fill)
    } catch (error) {
      // Renaming onto a folder that is not empty fails: another process was first, and its copy is whole.
      const other = await newest(programs, name)
      if (other !== undefined) return other
      throw error
    } finally {
      // With whatever dead processes left in it: this one holds the lock.
      await rm(staging, { recursive: true, force: true })
    }
  })
}

async function fillAndPublish(
  staging: string,
  programs: string,
  name: string,
  fill: FillFolder,
): Promise<string> {
  const folder = join(staging, randomUUID())
  await mkdir(folder, { recursive: true })
  // Some tools drop their privileges (apt's downloads do), and the umask may have closed these to them.
  for (const path of [dirname(staging), staging, folder]) await chmod(path, 0o755)
  const version = await fill(folder)
  await publishTree(folder)
  await mkdir(programs, { recursive: true })
  await chmod(programs, 0o755)
  // A Debian epoch's colon would split a library path in two.
  const final = join(programs, `${name}@${version.replaceAll(':', '_')}`)
  await rename(folder, final)
  return final
}

async function newest(programs: string, name: string): Promise<string | undefined> {
  const entries = await readdir(programs).catch(() => [])
  const folders = entries
    .filter((entry) => entry.startsWith(`${name}@`))
    .map((entry) => join(programs, entry))
  const dated = await Promise.all(
    folders.map(async (folder) => ({ folder, mtimeMs: (await stat(folder)).mtimeMs })),
  )
  return dated.sort((a, b) => b.mtimeMs - a.mtimeMs)[0]?.folder
}
