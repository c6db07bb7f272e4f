import { type ChildProcess, fork } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type AckedWrite, findStale, type SeenValue, type StaleValue } from './cache-history.ts'
import type { CrashPoint, SoakPlaces } from './cache-under-test.ts'
import type { WorkerOrder, WorkerReport } from './worker.ts'

/** What a run is made of. */
export interface CacheSoakOptions {
  /** By its name in `PROTOCOLS`. */
  readonly protocol: string
  readonly places: SoakPlaces
  readonly seed: number
  /** @default 4 */
  readonly processes?: number
  /** Hits after which it ends. */
  readonly hits: number
  /** Acknowledged writes that there must have been as well. @default 0 */
  readonly writes?: number
  readonly limitMs: number
  /** One in so many passages of a crash point kills its process; 0 for never. */
  readonly crashEvery: number
  /** Milliseconds between two writes of one of the eight writers. @default 300 */
  readonly writeEveryMs?: number
  /** Ends at the first value that was stale, as far as is known by then. */
  readonly stopAtStale?: boolean
  readonly say?: (line: string) => void
}

/** What a run has seen. */
export interface CacheSoakResult {
  readonly hits: number
  readonly gets: number
  readonly writes: number
  readonly stale: readonly StaleValue[]
  readonly crashes: Readonly<Partial<Record<CrashPoint, number>>>
  readonly errors: Readonly<Record<string, number>>
  readonly seconds: number
}

const WORKER = fileURLToPath(new URL('./worker.ts', import.meta.url))
const READERS = 6
const WRITERS = 2
const ROLLED_BACK = 0.1
const WRITE_EVERY_MS = 300
const LOOK_EVERY_MS = 500
const END_MS = 10_000

/** Has processes read and write through a cache, killed and started again, and holds what they saw to what was acknowledged. */
export async function runCacheSoak(options: CacheSoakOptions): Promise<CacheSoakResult> {
  const { processes = 4, limitMs, say } = options
  const isDone = () => hits >= options.hits && writes.length >= (options.writes ?? 0)
  const writes: AckedWrite[] = []
  const seen: SeenValue[] = []
  const crashes: Partial<Record<CrashPoint, number>> = {}
  const errors: Record<string, number> = {}
  let hits = 0
  let checked = 0
  let started = 0
  let isOver = false
  const stale: StaleValue[] = []
  const children = new Set<ChildProcess>()

  const take = (report: WorkerReport) => {
    for (const write of report.writes) writes.push(write)
    for (const value of report.seen) seen.push(value)
    hits += report.hits
    if (report.crashing) crashes[report.crashing] = (crashes[report.crashing] ?? 0) + 1
    for (const [code, count] of Object.entries(report.errors)) errors[code] = (errors[code] ?? 0) + count
  }
  const start = () => {
    started += 1
    const order: WorkerOrder = {
      protocol: options.protocol,
      places: options.places,
      seed: options.seed * 1_000 + started,
      readers: READERS,
      writers: WRITERS,
      rollBackShare: ROLLED_BACK,
      writeEveryMs: options.writeEveryMs ?? WRITE_EVERY_MS,
      crashEvery: options.crashEvery,
    }
    const child = fork(WORKER, [JSON.stringify(order)], { serialization: 'advanced' })
    children.add(child)
    child.on('message', take)
    child.on('exit', (code, signal) => {
      children.delete(child)
      if (signal === null && code !== 0) errors[`a worker ended with ${code}`] = 1
      if (!isOver) start()
    })
  }

  const startedAt = performance.now()
  for (let index = 0; index < processes; index += 1) start()
  while (!isDone() && performance.now() - startedAt < limitMs) {
    await sleep(LOOK_EVERY_MS)
    // The youngest acknowledgements may not have been told yet, but none that is told was not made.
    stale.push(...findStale(writes, seen.slice(checked)))
    checked = seen.length
    say?.(`${hits} of ${options.hits} hits, ${writes.length} writes, ${stale.length} stale`)
    if (options.stopAtStale && stale.length > 0) break
  }
  isOver = true
  await Promise.all([...children].map(end))
  return {
    hits,
    gets: seen.length,
    writes: writes.length,
    stale: findStale(writes, seen),
    crashes,
    errors,
    seconds: (performance.now() - startedAt) / 1_000,
  }
}

/** Has a worker finish what it does, and tell it; one that does not is killed. */
async function end(child: ChildProcess): Promise<void> {
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  if (child.connected) child.send('end', () => {})
  const timer = setTimeout(() => child.kill('SIGKILL'), END_MS)
  await exited
  clearTimeout(timer)
}
