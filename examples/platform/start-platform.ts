import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Seeded } from '@clinic/schema/seed'
import { leaveByHand } from './by-hand.ts'
import { type Databases, makeDatabases } from './databases.ts'
import { type Edge, startEdge } from './edge.ts'
import { type Faults, faultsOf } from './faults.ts'
import { freePorts } from './free-port.ts'
import { type Load, type LoadOptions, startLoad } from './load/start-load.ts'
import { buildNextApp } from './next-apps.ts'
import {
  addressOf,
  isNextApp,
  type PlatformFacts,
  type PlatformSecrets,
  SERVICES,
  type ServiceName,
  serviceSpec,
} from './services.ts'
import { type Supervisor, supervise } from './supervise.ts'
import { startTopology, type Topology } from './topology.ts'

export interface PlatformOptions {
  /** One database, or one with two read replicas. @default 2 */
  readonly phase?: 1 | 2
  /** Patients of all clinics together. @default 300 for each clinic */
  readonly patients?: number
  /** Of the edge. @default a free one */
  readonly port?: number
  /** Which services to start; those that they need are not added. @default all */
  readonly services?: readonly ServiceName[]
  /** Those of them that somebody else starts, with the `.env` that is written into their folders; the platform waits for them. */
  readonly byHand?: readonly ServiceName[]
  /** Milliseconds that rendering a letter takes. @default 50 */
  readonly renderMs?: number
  /** Client connections of one service to one server. @default 2 */
  readonly poolMax?: number
  /** Server connections of one pgbouncer for one role, whoever its clients are. @default 4 */
  readonly poolSize?: number
  /** Is told what is being done, and when a service has ended by itself. */
  readonly onProgress?: (words: string) => void
  /** Stops the start. */
  readonly signal?: AbortSignal
}

/** The platform as it runs. Stopping it leaves no process and no folder behind; nor does killing this process. */
export interface Platform extends AsyncDisposable {
  readonly phase: 1 | 2
  readonly edge: Edge
  readonly topology: Topology
  readonly seeded: Seeded
  readonly supervisor: Supervisor
  readonly faults: Faults
  /** The password of every account, and what services share. */
  readonly secrets: PlatformSecrets
  /** Where a service listens, past the edge. */
  address(name: ServiceName): string
  startLoad(options: LoadOptions): Promise<Load>
  stop(): Promise<void>
}

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
