/*
 * How a rig's processes are ended and its files removed. The watchdog runs the source text of these very
 * functions in a process of its own, so each may use nothing but the language, the `process` global and
 * the other functions of this file; Node's modules come by `process.getBuiltinModule`.
 */

/** A process of this machine. */
export interface ProcessEntry {
  readonly pid: number
  readonly parent: number
  /** As `ps` says it: `T` is stopped, `Z` has ended and waits for its parent to notice. */
  readonly state: string
  /** Clock ticks from boot to its start, which with the id identifies it; empty where there is no `/proc`. */
  readonly born: string
}

/** All processes that can be seen. */
export function listProcesses(): ProcessEntry[] {
  const { readdirSync, readFileSync } = process.getBuiltinModule('node:fs')
  const { execFileSync } = process.getBuiltinModule('node:child_process')
  if (process.platform !== 'linux') {
    const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,state='], { encoding: 'utf8' })
      .trim()
      .split('\n')
    return lines.map((line) => {
      const [pid, parent, state = ''] = line.trim().split(/\s+/)
      return { pid: Number(pid), parent: Number(parent), state: state.charAt(0), born: '' }
    })
  }
  const entries: ProcessEntry[] = []
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    let stat: string
    try {
      stat = readFileSync(`/proc/${name}/stat`, 'utf8')
    } catch (error) {
      // Ended meanwhile. Anything else must not pass for that: a sweep would take the living for dead.
      if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) continue
      throw error
    }
    // proc_pid_stat(5): the second field is the command in parentheses and may hold anything.
    const [state = '', parent, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    entries.push({ pid: Number(name), parent: Number(parent), state, born: rest[17] ?? '' })
  }
  return entries
}

/** Those of `roots` that are alive, and all that descends from them; parents come first. */
export function livingTree(roots: readonly number[], entries: readonly ProcessEntry[]): ProcessEntry[] {
  const tree = entries.filter(({ pid, state }) => roots.includes(pid) && state !== 'Z')
  for (const { pid: ancestor } of tree) {
    const children = entries.filter(({ parent, state }) => parent === ancestor && state !== 'Z')
    tree.push(...children.filter((child) => !tree.includes(child)))
  }
  return tree
}

/** Sends a signal to a process that may have ended meanwhile. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Stops processes with all that descends from them, until {@link thawTree}. */
export function freezeTree(roots: readonly number[]): void {
  // Again until a look finds nothing new: a child may be born while its parent's signal is on its way.
  const frozen = new Set<number>()
  for (;;) {
    const fresh = livingTree(roots, listProcesses()).filter(({ pid }) => !frozen.has(pid))
    if (fresh.length === 0) return
    for (const { pid } of fresh) {
      signalProcess(pid, 'SIGSTOP')
      frozen.add(pid)
    }
  }
}

/** Lets stopped processes go on; parents last, so that no parent finds a child that does not answer. */
export function thawTree(roots: readonly number[]): void {
  for (const { pid } of livingTree(roots, listProcesses()).reverse()) signalProcess(pid, 'SIGCONT')
}

/** Whether all processes of a set have ended within a time. */
export async function haveEnded(processes: readonly ProcessEntry[], timeoutMs: number): Promise<boolean> {
  const { setTimeout: sleep } = process.getBuiltinModule('node:timers/promises')
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const alive = listProcesses().filter(({ state }) => state !== 'Z')
    if (!processes.some(({ pid, born }) => alive.some((other) => other.pid === pid && other.born === born))) {
      return true
    }
    if (performance.now() > deadline) return false
    await sleep(10)
  }
}

/** Ends processes with all that descends from them by SIGKILL, and waits until they are gone. */
export async function killTree(roots: readonly number[]): Promise<void> {
  // Frozen first, so that none can have a child that nobody knows of.
  freezeTree(roots)
  const tree = livingTree(roots, listProcesses())
  for (const { pid } of tree) signalProcess(pid, 'SIGKILL')
  if (!(await haveEnded(tree, 5_000))) {
    throw new Error(`Processes ${tree.map(({ pid }) => pid).join(', ')} outlived SIGKILL by 5 s.`)
  }
}

/** Ends processes by a signal that asks, and by SIGKILL those that have not ended when the grace is over. */
export async function endTree(roots: readonly number[], ask: NodeJS.Signals, graceMs: number): Promise<void> {
  const tree = livingTree(roots, listProcesses())
  thawTree(roots)
  for (const pid of roots) signalProcess(pid, ask)
  if (!(await haveEnded(tree, graceMs))) await killTree(tree.map(({ pid }) => pid))
}

/**
 * Removes the System V segments that PostgreSQL leaves when it is killed: 56 bytes each, but a machine has
 * room for only so many.
 */
export function removeSharedMemory(creators: readonly number[]): void {
  const { existsSync, readFileSync } = process.getBuiltinModule('node:fs')
  const { spawnSync } = process.getBuiltinModule('node:child_process')
  if (!existsSync('/proc/sysvipc/shm')) return
  for (const line of readFileSync('/proc/sysvipc/shm', 'utf8').trim().split('\n').slice(1)) {
    const [, id = '', , , creator, , attached] = line.trim().split(/\s+/)
    if (attached === '0' && creators.includes(Number(creator))) spawnSync('ipcrm', ['-m', id])
  }
}

/**
 * Ends every process that is recorded in a run's folder and removes the folder.
 *
 * @param taken Name to give the folder first. From then on nothing can be recorded in it, so no server
 *   starts any more, and of two that reap the same folder one finds it gone.
 * @param graceMs Time that processes have to end by SIGQUIT before they are killed.
 */
export async function reap(folder: string, taken: string, graceMs = 1_500): Promise<void> {
  const { existsSync, readdirSync, readFileSync, readlinkSync, renameSync, rmSync } =
    process.getBuiltinModule('node:fs')
  try {
    renameSync(folder, taken)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  const records = `${taken}/processes`
  const recorded = existsSync(records) ? readdirSync(records).map(Number) : []
  const isOurs = ({ pid, born }: ProcessEntry) => {
    // A backend whose postmaster is gone is nobody's child, but its working directory tells.
    try {
      if (`${readlinkSync(`/proc/${pid}/cwd`)}/`.startsWith(`${taken}/`)) return true
    } catch {}
    if (!recorded.includes(pid)) return false
    const stat = readFileSync(`${records}/${pid}`, 'utf8').trim()
    return stat === '' || stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] === born
  }
  const roots = listProcesses()
    .filter(isOurs)
    .map(({ pid }) => pid)
  await endTree(roots, 'SIGQUIT', graceMs)
  removeSharedMemory(recorded)
  rmSync(taken, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
}

/** The watchdog: waits until standard input closes, as it does however its owner ends, and reaps what is left. */
export function watch(runs: string, session: string): void {
  const { readdirSync } = process.getBuiltinModule('node:fs')
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGQUIT'] as const)
    process.on(signal, () => undefined)
  process.stdin.on('error', () => undefined)
  process.stdin.on('close', () => {
    const left = readdirSync(runs).filter((name) => name.startsWith(session))
    const reaping = left.map((name) => reap(`${runs}/${name}`, `${runs}/${name}~`))
    void Promise.allSettled(reaping).then(() => process.exit())
  })
  process.stdin.resume()
  // Its owner may have ended while this started; then nobody reads this, and there is all the more to do.
  process.stdout.on('error', () => undefined)
  process.stdout.write('ready')
}
