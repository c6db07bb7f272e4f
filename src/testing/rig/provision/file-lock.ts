import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { processNamespace } from './process-namespace.ts'
import { RigProvisionError } from './rig-provision-error.ts'

const heartbeatMs = 1_000
const staleAfterMs = 8_000
const pollMs = 50

/** A lock that this process holds. */
export interface FileLock {
  /** Lets the next process have it. */
  release(): Promise<void>
}

/**
 * Takes the lock of that path, for as long as this process lives or until it is released.
 *
 * The holder touches the file once a second. A lock is taken over when its holder's process is gone, or
 * when it was not touched for 8 s (the holder may live in another container). It spares double work: what
 * it guards must stay right even where a holder that was stopped for longer wakes up again.
 *
 * @param path The lock file; its folder is made.
 * @param timeoutMs How long to wait for the present holder.
 * @throws {RigProvisionError} when the holder outlasts `timeoutMs`.
 */
export async function acquireFileLock(path: string, timeoutMs: number): Promise<FileLock> {
  await mkdir(dirname(path), { recursive: true })
  const owner = `${process.pid} ${await processNamespace()} ${randomUUID()}`
  const deadline = Date.now() + timeoutMs
  while (!(await create(path, owner))) {
    if (Date.now() > deadline) {
      throw new RigProvisionError(
        `Another process has held ${path} for over ${timeoutMs} ms. Wait for it, or end it and remove the file.`,
      )
    }
    if (await isAbandoned(path)) await removeAbandoned(path, owner)
    else await sleep(pollMs)
  }
  const heartbeat = setInterval(() => {
    const now = new Date()
    utimes(path, now, now).catch(() => undefined)
  }, heartbeatMs)
  heartbeat.unref()
  return {
    async release() {
      clearInterval(heartbeat)
      // Another process has it if this one was stopped for so long that it seemed dead.
      if ((await read(path)) === owner) await rm(path, { force: true })
    },
  }
}

/** Runs `body` while no other process holds the lock; see {@link acquireFileLock}. */
export async function withFileLock<T>(path: string, timeoutMs: number, body: () => Promise<T>): Promise<T> {
  const lock = await acquireFileLock(path, timeoutMs)
  try {
    return await body()
  } finally {
    await lock.release()
  }
}

async function create(path: string, owner: string): Promise<boolean> {
  try {
    await writeFile(path, owner, { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  const touched = await stat(path).catch(() => undefined)
  if (touched === undefined) return false
  if (Date.now() - touched.mtimeMs > staleAfterMs) return true
  const [pid, namespace] = (await read(path))?.split(' ') ?? []
  // Empty for the moment between the file's creation and its first byte.
  if (pid === undefined || namespace !== (await processNamespace())) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

/** Under a second lock, so that a slow waiter does not remove the lock of a quick one. */
async function removeAbandoned(path: string, owner: string): Promise<void> {
  const takeover = `${path}.takeover`
  if (!(await create(takeover, owner))) {
    if (await isAbandoned(takeover)) await rm(takeover, { force: true })
    await sleep(pollMs)
    return
  }
  try {
    if (await isAbandoned(path)) await rm(path, { force: true })
  } finally {
    await rm(takeover, { force: true })
  }
}

async function read(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined)
}
