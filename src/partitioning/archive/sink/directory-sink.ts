import { randomBytes } from 'node:crypto'
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ArchiveError } from '../archive-error.ts'
import type { ArchiveSink } from './archive-sink.ts'
import { checkObjectName } from './object-name.ts'

/**
 * A folder of this machine, or of a file system that it mounts. An object is written under a name of its own, brought to the disk, and
 * then given its name: it is never seen half written, even after a loss of power.
 *
 * @param folder an absolute path; made where it is missing
 */
export function directorySink(folder: string): ArchiveSink {
  const pathOf = (name: string) => join(folder, checkObjectName(name))
  return {
    uri: (name) => pathToFileURL(pathOf(name)).href,
    put: async (name, bytes, signal) => {
      const path = pathOf(name)
      await attempt('write to', path, async () => {
        await mkdir(dirname(path), { recursive: true })
        // First: a process can be killed when the object has its name already, and the partial name not been taken away.
        await removeLeftovers(path)
        if (await isThere(path, bytes.length)) return
        await writeWhole(path, bytes, signal)
      })
    },
    get: (name, signal) => attempt('read', pathOf(name), () => readFile(pathOf(name), { signal })),
    close: () => Promise.resolve(),
  }
}

async function writeWhole(path: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
  const partial = `${partialPrefix(path)}${randomBytes(6).toString('hex')}`
  try {
    const file = await open(join(dirname(path), partial), 'wx', 0o600)
    try {
      await file.writeFile(bytes, { signal })
      await file.sync()
    } finally {
      await file.close()
    }
    await giveName(join(dirname(path), partial), path)
  } finally {
    await rm(join(dirname(path), partial), { force: true })
  }
  await syncFolder(dirname(path))
}

/** A link fails where the name is taken; a rename would write over it, and is only for file systems that have no links. */
async function giveName(partial: string, path: string): Promise<void> {
  try {
    await link(partial, path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error
    if (await exists(path)) throw error
    await rename(partial, path)
  }
}

/** A folder's entries are on the disk only once the folder itself was synced. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** What a run that was killed has left of this object. */
async function removeLeftovers(path: string): Promise<void> {
  const prefix = partialPrefix(path)
  for (const entry of await readdir(dirname(path))) {
    if (entry.startsWith(prefix)) await rm(join(dirname(path), entry), { force: true })
  }
}

function partialPrefix(path: string): string {
  return `.${basename(path)}.partial-`
}

async function isThere(path: string, size: number): Promise<boolean> {
  const found = await stat(path).catch(ignoreMissing)
  if (!found) return false
  if (found.size === size) return true
  throw new ArchiveError(
    'sink-conflict',
    `${path} is there already, with ${found.size} bytes in place of ${size}. Nothing is written over: see what it is, and move it away.`,
  )
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(ignoreMissing)) !== undefined
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

async function attempt<T>(what: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof ArchiveError || (cause as Error).name === 'AbortError') throw cause
    const { code = 'an unknown error' } = cause as NodeJS.ErrnoException
    throw new ArchiveError(
      'sink',
      `The archive's folder did not let leasehold ${what} ${path}: ${code}. Make room or mend the access, and run it again; nothing ` +
        'counts as archived.',
      { cause },
    )
  }
}
