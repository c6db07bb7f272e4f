import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmod, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { rigDirectory } from './provision/index.ts'
import { processNamespace } from './provision/process-namespace.ts'
import { listProcesses, reap } from './reaper.ts'
import { Watchdog } from './watchdog.ts'

/** This process's part of the rig directory: the folders in `runs` whose names begin with `prefix`. */
export interface Session {
  readonly runs: string
  readonly prefix: string
  /** Watches from the moment the session is there; resolves a little later, when it has said so. */
  readonly watchdog: Promise<Watchdog>
}

let current: Promise<Session> | undefined
let members = 0

/** Joins the session of this process, opening it for the first member; each must leave it again. */
export async function joinSession(): Promise<Session> {
  members += 1
  const joined = current ?? openSession()
  current = joined
  try {
    return await joined
  } catch (error) {
    members -= 1
    if (current === joined) current = undefined
    throw error
  }
}

/** The last member to leave ends the watchdog. */
export async function leaveSession(): Promise<void> {
  members -= 1
  if (members > 0 || current === undefined) return
  const left = current
  current = undefined
  const watchdog = await (await left).watchdog
  await watchdog.end()
}

/** Starts the watchdog, and does the work of those that were killed along with their owners. */
async function openSession(): Promise<Session> {
  const runs = join(await rigDirectory(), 'runs')
  if ((await mkdir(runs, { recursive: true })) !== undefined) {
    await chmod(runs, 0o755)
    await spreadOverDisk(runs)
  }
  const namespace = (await processNamespace()).replaceAll(/[^A-Za-z0-9]/g, '')
  const owner = `${process.pid}-${born(process.pid)}-${namespace}`
  const prefix = `${owner}.${randomUUID().slice(0, 8)}`
  const watchdog = Watchdog.start(runs, prefix)
  // Whoever waits for it hears of its failure; the session's opening does not.
  watchdog.catch(() => undefined)
  for (const name of await readdir(runs)) {
    if (isAbandoned(name, namespace)) await reap(join(runs, name), join(runs, `${prefix}.swept-${name}`))
  }
  return { runs, prefix, watchdog }
}

/**
 * ext4 is slow to make files where many were deleted within the last minutes, which is what rigs do: 1.5 s
 * for a data directory. With this attribute each folder begins in another part of the disk: 0.1 s. Where
 * the file system or the machine has no such thing, nothing is lost.
 */
async function spreadOverDisk(folder: string): Promise<void> {
  await promisify(execFile)('chattr', ['+T', folder], { timeout: 5_000 }).catch(() => undefined)
}

function isAbandoned(name: string, ownNamespace: string): boolean {
  const [pid, start, namespace] = name.split('.')[0]?.split('-') ?? []
  // A process id from another container says nothing here.
  return namespace === ownNamespace && start !== born(Number(pid))
}

/** Identifies a process together with its id; undefined when there is none. */
function born(pid: number): string | undefined {
  return listProcesses().find((entry) => entry.pid === pid)?.born
}
