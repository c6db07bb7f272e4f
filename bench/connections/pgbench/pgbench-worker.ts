import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { SESSION_BASELINE, type SessionBaseline } from '../../../src/context/session-baseline.ts'
import type { Program } from '../../../src/testing/rig/provision/program.ts'
import type { PeerOrder } from '../../patients/peer-messages.ts'
import type { SliceDone, Worker } from '../../patients/worker.ts'
import { DISTANCES, type Distance } from '../../topology/distance.ts'
import type { Topology } from '../../topology/topology.ts'
import { pgbenchScript } from './pgbench-script.ts'
import { type PgbenchFigures, type PgbenchRun, runPgbench } from './run-pgbench.ts'

/** How many connections and threads pgbench works with. */
export type Shape = Pick<PgbenchRun, 'connections' | 'threads'>

const CONNECTIONS = [1, 2, 4, 6, 8, 10, 12, 16, 20]
const SHAPES: readonly Shape[] = CONNECTIONS.flatMap((connections) =>
  connections === 1
    ? [{ connections, threads: 1 }]
    : [
        { connections, threads: 1 },
        { connections, threads: 2 },
      ],
)
const SECONDS_EACH = 1

type Run = (distance: Distance, shape: Shape, seconds: number) => Promise<PgbenchFigures>

/**
 * pgbench, which does the same on the wire and the server, in C. In a pipeline it looks at no row, so before anything is measured it
 * has to show without one that its statements find what they ask for.
 */
export class PgbenchWorker implements Worker, AsyncDisposable {
  /** What is best at each distance. */
  readonly best: Readonly<Record<Distance, Shape>>
  readonly #folder: string
  readonly #run: Run

  private constructor(folder: string, run: Run, best: PgbenchWorker['best']) {
    this.#folder = folder
    this.#run = run
    this.best = best
  }

  /** Finds out first with how many connections and threads it does most. */
  static async start(
    program: Program,
    topology: Topology,
    log: (line: string) => void,
  ): Promise<PgbenchWorker> {
    const folder = await mkdtemp(join(tmpdir(), 'leasehold-pgbench-'))
    try {
      const { text, verifying, variables } = pgbenchScript(await baselineAt(topology))
      const files = { read: join(folder, 'read.sql'), verify: join(folder, 'verify.sql') }
      await writeFile(files.read, text)
      await writeFile(files.verify, verifying)
      const runFile =
        (scriptFile: string): Run =>
        (distance, shape, seconds) =>
          runPgbench({
            ...{ program, scriptFile, variables, address: topology.addresses[distance], seconds },
            ...shape,
          })
      await runFile(files.verify)('loopback', { connections: 4, threads: 1 }, SECONDS_EACH)
      const run = runFile(files.read)
      const best = {
        loopback: await findBest('loopback', run),
        '+1 ms each way': await findBest('+1 ms each way', run),
      }
      for (const distance of DISTANCES)
        log(`pgbench, ${distance}: ${describeShape(best[distance])} is its best`)
      return new PgbenchWorker(folder, run, best)
    } catch (error) {
      await rm(folder, { recursive: true })
      throw error
    }
  }

  async work({ distance, durationMs }: PeerOrder): Promise<SliceDone> {
    const seconds = Math.max(1, Math.round(durationMs / 1_000))
    const { transactions, perSecond } = await this.#run(distance, this.best[distance], seconds)
    return {
      slice: {
        operations: transactions,
        elapsedMs: (transactions / perSecond) * 1_000,
        cpuUs: Number.NaN,
        foreignRows: 0,
      },
      latency: { p50Ms: Number.NaN, p99Ms: Number.NaN, maxMs: Number.NaN },
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.#folder, { recursive: true })
  }
}

/** Twice through all, so that a disturbance does not decide; the sum of both counts. */
async function findBest(distance: Distance, run: Run): Promise<Shape> {
  const perSecond = new Map<Shape, number>()
  for (const shape of [...SHAPES, ...SHAPES.toReversed()]) {
    const figures = await run(distance, shape, SECONDS_EACH)
    perSecond.set(shape, (perSecond.get(shape) ?? 0) + figures.perSecond)
  }
  const [best] = [...perSecond].sort(([, a], [, b]) => b - a)[0] ?? []
  if (!best) throw new Error('pgbench was not tried at all.')
  return best
}

function describeShape({ connections, threads }: Shape): string {
  return `${connections} connections, ${threads} threads`
}

async function baselineAt({ addresses }: Topology): Promise<SessionBaseline> {
  const client = new Client({ ...addresses.loopback, user: 'app', database: 'postgres' })
  await client.connect()
  try {
    const { rows } = await client.query<[string, string]>({ text: SESSION_BASELINE, rowMode: 'array' })
    const [[currentUser, settings] = ['', '']] = rows
    return { currentUser, settings }
  } finally {
    await client.end()
  }
}
