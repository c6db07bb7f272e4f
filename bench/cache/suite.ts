import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import type { BenchOptions } from '../options.ts'
import type { Suite } from '../suite.ts'
import { DOCUMENT_BYTES } from './document.ts'
import type { PeerStart } from './messages.ts'
import { PeerChild } from './peer-child.ts'
import { LEASEHOLD, PEERS, RAW } from './peers/connect-peer.ts'
import { type Course, type Courses, runRounds } from './rounds.ts'
import { HIT_SCENARIOS, type HitScenario } from './scenario.ts'
import { type CacheServers, startServers } from './servers.ts'
import {
  runStampedes,
  STAMPEDE_CALLS,
  STAMPEDE_LOAD_MS,
  STAMPEDE_PROCESSES,
  type Stampede,
} from './stampede.ts'
import { type CacheResult, formatReport } from './table.ts'
import { formatTargets, judgeTargets, ratioToRaw } from './targets.ts'

const DIST = fileURLToPath(new URL('../../dist/index.js', import.meta.url))

/** Hits and stampedes, of leasehold's cache and of what teams use instead. */
export const cacheSuite: Suite = {
  name: 'cache',
  async run(options, log) {
    const { settings, courses, stampedes } = await measure(options, log)
    const results = toResults(courses)
    const verdicts = options.check ? judgeTargets(courses, stampedes) : []
    const targets = options.check ? `\n\n${formatTargets(verdicts)}` : ''
    const missed = verdicts.filter(({ met }) => !met).length
    return {
      text: `${formatReport(results, stampedes)}${targets}`,
      document: { settings, results, stampedes, targets: verdicts },
      failures: missed > 0 ? [`${missed} targets were missed.`] : [],
    }
  },
}

interface Measured {
  readonly settings: Readonly<Record<string, unknown>>
  readonly courses: Courses
  readonly stampedes: readonly Stampede[]
}

async function measure(options: BenchOptions, log: (line: string) => void): Promise<Measured> {
  const { rounds, seconds } = options
  const named = peersOf(options)
  await using resources = new AsyncDisposableStack()
  log('Starting PostgreSQL and Redis')
  const servers = await startServers(resources)
  const starts = new Map([...named].map(([label, named]) => [label, startOf(label, named, servers)]))
  const stampedes = await measureStampedes(starts, servers, log)
  const peers = new Map<string, PeerChild>()
  for (const [label, start] of starts) {
    const child = resources.use(new PeerChild(start))
    await child.ready()
    peers.set(label, child)
  }
  const sliceMs = (seconds * 1_000) / (rounds * HIT_SCENARIOS.length * peers.size)
  const settings = {
    rounds,
    sliceMs: Math.round(sliceMs),
    documentBytes: DOCUMENT_BYTES,
    postgres: servers.postgres,
    stampede: { processes: STAMPEDE_PROCESSES, calls: STAMPEDE_CALLS, loadMs: STAMPEDE_LOAD_MS },
  }
  log(JSON.stringify(settings))
  const courses = await runRounds({ peers, rounds, sliceMs, log })
  return { settings, courses, stampedes }
}

async function measureStampedes(
  starts: ReadonlyMap<string, PeerStart>,
  { redisUrl }: CacheServers,
  log: (line: string) => void,
): Promise<readonly Stampede[]> {
  const redis = new Redis(redisUrl)
  const stampedes: Stampede[] = []
  try {
    for (const [label, start] of starts) {
      // It loads nothing.
      if (start.peer === RAW) continue
      log(`Stampedes of ${label}`)
      stampedes.push(await runStampedes(label, start, redis))
    }
  } finally {
    redis.disconnect()
  }
  return stampedes
}

interface NamedPeer {
  readonly peer: string
  readonly entry: string
}

function startOf(label: string, { peer, entry }: NamedPeer, servers: CacheServers): PeerStart {
  const { redisUrl, databaseUrl } = servers
  const prefix = `${label.replaceAll(/\W+/g, '-')}:`
  return { peer, options: { redisUrl, databaseUrl, prefix, entry, loadMs: 0 } }
}

function peersOf({ peers: wanted, entry: given, candidate }: BenchOptions): ReadonlyMap<string, NamedPeer> {
  const entry = given === undefined ? DIST : resolve(given)
  const unknown = wanted?.filter((name) => !PEERS.has(name)) ?? []
  if (unknown.length > 0) {
    throw new Error(`There is no peer ${unknown.join(', ')}. There are: ${[...PEERS.keys()].join('; ')}.`)
  }
  const names = [...PEERS.keys()].filter((name) => name === RAW || (wanted?.includes(name) ?? true))
  const peers = new Map(names.map((peer) => [peer, { peer, entry }]))
  if (candidate !== undefined) peers.set('candidate', { peer: LEASEHOLD, entry: resolve(candidate) })
  for (const { entry: file } of peers.values()) {
    if (!existsSync(file)) throw new Error(`There is no build at ${file}. Run \`npm run build\` first.`)
  }
  return peers
}

function toResults(courses: Courses): readonly CacheResult[] {
  return HIT_SCENARIOS.flatMap((scenario) => {
    const own = courses.get(scenario)
    const labels = [...PEERS.keys(), 'candidate'].filter((label) => own?.has(label))
    return labels.flatMap((label) => {
      const course = own?.get(label)
      return course ? [toResult(courses, scenario, label, course)] : []
    })
  })
}

function toResult(courses: Courses, scenario: HitScenario, peer: string, course: Course): CacheResult {
  const { operations, elapsedMs, cpuUs, latency } = course
  const throughput = ratioToRaw(courses, scenario, peer, 'throughput')
  const p50 = ratioToRaw(courses, scenario, peer, 'p50')
  return {
    peer,
    scenario,
    opsPerSecond: (operations / elapsedMs) * 1_000,
    ...latency,
    cpuUsPerOp: cpuUs / operations,
    ratioToRaw: throughput.median,
    ratioInterval: [throughput.low, throughput.high],
    p50ToRaw: p50.median,
    p50Interval: [p50.low, p50.high],
    // An answer that is not the one asked for ends the run.
    foreignRows: 0,
  }
}
