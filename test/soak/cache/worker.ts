import { setTimeout as sleep } from 'node:timers/promises'
import type { AckedWrite, SeenValue } from './cache-history.ts'
import { KEYS, TENANTS } from './cache-schema.ts'
import type { CrashPoint, SoakPlaces } from './cache-under-test.ts'
import { PROTOCOLS } from './protocols.ts'

/** What a worker is started with. */
export interface WorkerOrder {
  readonly protocol: string
  readonly places: SoakPlaces
  readonly seed: number
  readonly readers: number
  readonly writers: number
  /** Of all writes. */
  readonly rollBackShare: number
  /** Milliseconds that a writer pauses, on the average. */
  readonly writeEveryMs: number
  /** One in so many passages of a crash point kills the process; 0 for never. */
  readonly crashEvery: number
}

/** What a worker reports, again and again. */
export interface WorkerReport {
  readonly writes: readonly AckedWrite[]
  readonly seen: readonly SeenValue[]
  readonly hits: number
  readonly errors: Readonly<Record<string, number>>
  readonly crashing?: CrashPoint
}

const REPORT_EVERY_MS = 100
const PAUSE_MS = 2

/** A small generator, so that what one worker does comes again with its seed (mulberry32). */
function randomBy(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

async function work(order: WorkerOrder): Promise<void> {
  const random = randomBy(order.seed)
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T
  let writes: AckedWrite[] = []
  let seen: SeenValue[] = []
  let errors: Record<string, number> = {}
  let hitsBefore = 0
  let isOver = false

  const open = PROTOCOLS[order.protocol]
  if (!open) throw new Error(`There is no protocol ${order.protocol}.`)
  const report = (crashing?: CrashPoint) => {
    const hits = cache.hits() - hitsBefore
    hitsBefore += hits
    const batch: WorkerReport = { writes, seen, hits, errors, ...(crashing && { crashing }) }
    writes = []
    seen = []
    errors = {}
    return new Promise<void>((resolve) => process.send?.(batch, undefined, undefined, () => resolve()))
  }
  const crash = (point: CrashPoint) => {
    if (order.crashEvery === 0 || random() * order.crashEvery >= 1) return
    // What was acknowledged is told first, so that the crash hides nothing; then nothing more of this process happens.
    void report(point).then(() => process.kill(process.pid, 'SIGKILL'))
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
  }
  const cache = await open(order.places, crash)
  const note = (error: unknown) => {
    const { code = error instanceof Error ? error.message : String(error) } = error as { code?: string }
    errors[code] = (errors[code] ?? 0) + 1
  }

  const read = async () => {
    while (!isOver) {
      const [tenant, key] = [pick(TENANTS), 1 + Math.floor(random() * KEYS)]
      const calledAtNs = process.hrtime.bigint()
      try {
        const version = await cache.get(tenant, key)
        seen.push({ key: `${tenant} ${key}`, version, calledAtNs })
      } catch (error) {
        note(error)
        await sleep(PAUSE_MS)
      }
    }
  }
  const write = async () => {
    while (!isOver) {
      const [tenant, key] = [pick(TENANTS), 1 + Math.floor(random() * KEYS)]
      try {
        const version = await cache.write(tenant, key, random() < order.rollBackShare)
        if (version !== undefined) {
          writes.push({ key: `${tenant} ${key}`, version, ackedAtNs: process.hrtime.bigint() })
        }
      } catch (error) {
        note(error)
      }
      await sleep(2 * order.writeEveryMs * random())
    }
  }

  process.once('message', () => {
    isOver = true
  })
  const timer = setInterval(() => void report(), REPORT_EVERY_MS)
  const loops = [
    ...Array.from({ length: order.readers }, read),
    ...Array.from({ length: order.writers }, write),
  ]
  await Promise.all(loops)
  clearInterval(timer)
  await report()
  await cache[Symbol.asyncDispose]()
}

await work(JSON.parse(process.argv[2] ?? '{}') as WorkerOrder)
process.disconnect?.()
