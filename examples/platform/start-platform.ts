import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { leaveByHand } from './by-hand.ts'
import { type Databases, makeDatabases } from './databases.ts'
import { startEdge } from './edge.ts'
import { faultsOf } from './faults.ts'
import { freePorts } from './free-port.ts'
import { startLoad } from './load/start-load.ts'
import { buildNextApp } from './next-apps.ts'
import type { Platform, PlatformOptions } from './platform.ts'
import {
  addressOf,
  isNextApp,
  type PlatformFacts,
  type PlatformSecrets,
  SERVICES,
  type ServiceName,
  serviceSpec,
} from './services.ts'
import { supervise } from './supervise.ts'
import { startTopology } from './topology.ts'

/** Design of the platform: 10 clinics in phase 1, 20 in phase 2. */
const CLINICS = { 1: 10, 2: 20 } as const
const POOL_MAX = 2
const POOL_SIZE = 4
const PARTITION_JOB_EVERY_MS = 3_600_000

/** Starts servers, schema, services and edge, in that order; what was started ends again where one of them fails. */
export async function startPlatform(options: PlatformOptions = {}): Promise<Platform> {
  const resources = new AsyncDisposableStack()
  try {
    return await start(options, resources)
  } catch (error) {
    await resources.disposeAsync()
    throw error
  }
}

async function start(options: PlatformOptions, resources: AsyncDisposableStack): Promise<Platform> {
  const { phase = 2, services = SERVICES, byHand = [], renderMs = 50, signal } = options
  const tell = options.onProgress ?? (() => {})
  const step = (words: string) => {
    signal?.throwIfAborted()
    tell(words)
  }

  for (const app of services.filter(isNextApp)) {
    step(`Building ${app}, unless its build is up to date`)
    await buildNextApp(app, signal)
  }
  step(`Starting PostgreSQL${phase === 2 ? ' with two replicas' : ''}, pgbouncer and Redis`)
  const topology = await startTopology({ phase, poolSize: options.poolSize ?? POOL_SIZE }, resources)
  const facts: PlatformFacts = {
    phase,
    topology,
    ports: await freePorts(SERVICES),
    secrets: drawSecrets(),
    clinics: CLINICS[phase],
    renderMs,
    poolMax: options.poolMax ?? POOL_MAX,
  }

  step('Making the databases')
  const databases = await makeDatabases(topology, {
    clinics: facts.clinics,
    patients: options.patients,
    identityUrl: addressOf('identity', facts),
  })
  keepPartitions(databases, resources, tell)

  const supervisor = await supervise(join(topology.rig.directory, 'services'), tell)
  resources.defer(() => supervisor.stop())
  const begin = (name: ServiceName) => {
    const spec = serviceSpec(name, facts)
    const defer = (work: () => Promise<void>) => resources.defer(work)
    return byHand.includes(name) ? leaveByHand(spec, { defer, tell: step, signal }) : supervisor.start(spec)
  }
  step(`Starting ${services.join(', ')}`)
  // In order: a service asks those before it when it starts.
  const [first, ...rest] = SERVICES.filter((name) => services.includes(name))
  if (first) await begin(first)
  await Promise.all(rest.map(begin))
  const edge = resources.use(await startEdge(facts, options.port))
  signal?.throwIfAborted()

  const platform: Platform = {
    phase,
    edge,
    topology,
    seeded: databases.seeded,
    supervisor,
    faults: faultsOf(topology),
    secrets: facts.secrets,
    address: (name) => addressOf(name, facts),
    async startLoad(loadOptions) {
      return resources.use(await startLoad(platform, loadOptions))
    },
    stop: () => resources.disposeAsync(),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
  return platform
}

function drawSecrets(): PlatformSecrets {
  const draw = (bytes: number) => randomBytes(bytes).toString('base64url')
  return { demoPassword: draw(9), tokenKey: draw(32), metricsToken: draw(32) }
}

/** The schedule of examples/partition-cron. */
function keepPartitions(
  databases: Databases,
  resources: AsyncDisposableStack,
  tell: (words: string) => void,
): void {
  const schedule = setInterval(() => {
    databases.runPartitionJobs().catch((error: unknown) => tell(`The partition job failed: ${String(error)}`))
  }, PARTITION_JOB_EVERY_MS)
  schedule.unref()
  resources.defer(() => clearInterval(schedule))
}
