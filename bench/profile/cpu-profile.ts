import { Session } from 'node:inspector/promises'

/** Samples of the processor time of this process, and where they fell. */
export interface CpuProfile {
  /** Processor time by function, in microseconds, without what it called; the idle time is left out. */
  readonly byFunction: Readonly<Record<string, number>>
  /** The same by who wrote it. */
  readonly byOwner: Readonly<Record<string, number>>
}

const SAMPLE_US = 200
const OWNERS: readonly (readonly [RegExp, string])[] = [
  [/node_modules\/(?:pg|pg-pool|pg-protocol|pg-types|postgres-[a-z]+)\//, 'pg'],
  [/node_modules\//, 'other packages'],
  [/^node:/, 'Node, JavaScript'],
  [/\/bench\//, 'this benchmark'],
  [/^file:/, 'leasehold'],
]

/** Profiles this process while the work runs. */
export async function profileCpu<T>(work: () => Promise<T>): Promise<{ profile: CpuProfile; value: T }> {
  const session = new Session()
  session.connect()
  try {
    await session.post('Profiler.enable')
    await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_US })
    await session.post('Profiler.start')
    const value = await work()
    const { profile } = await session.post('Profiler.stop')
    return { profile: sumUp(profile), value }
  } finally {
    session.disconnect()
  }
}

/** What of the inspector's answer is read. */
interface RawProfile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  }[]
  readonly samples?: readonly number[] | undefined
  readonly timeDeltas?: readonly number[] | undefined
}

function sumUp({ nodes, samples = [], timeDeltas = [] }: RawProfile): CpuProfile {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  const byFunction: Record<string, number> = {}
  const byOwner: Record<string, number> = {}
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id)
    if (!frame || frame.functionName === '(idle)') continue
    const us = timeDeltas[index] ?? 0
    const owner = ownerOf(frame.url, frame.functionName)
    add(byFunction, `${frame.functionName || '(anonymous)'}, ${owner}`, us)
    add(byOwner, owner, us)
  }
  return { byFunction, byOwner }
}

function ownerOf(url: string, name: string): string {
  if (name === '(garbage collector)') return 'garbage collector'
  // What Node does outside of JavaScript: sockets, mostly.
  if (url === '') return 'Node, native'
  return OWNERS.find(([pattern]) => pattern.test(url))?.[1] ?? 'Node, JavaScript'
}

function add(sums: Record<string, number>, key: string, us: number): void {
  sums[key] = (sums[key] ?? 0) + us
}
