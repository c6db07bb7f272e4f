import { fileURLToPath } from 'node:url'
import { nextStart } from './next-apps.ts'
import type { ServiceSpec } from './supervise.ts'
import { CLINIC_DATABASE, TELEMETRY_DATABASE, type Topology, throughBalancer } from './topology.ts'

/** Every service, in the order in which they start: each needs only those before it. */
export const SERVICES = ['identity', 'core-api', 'telemetry-api', 'clinic', 'portal', 'console'] as const
export type ServiceName = (typeof SERVICES)[number]

/** Those that are built by Next.js. */
export const NEXT_APPS = ['clinic', 'portal', 'console'] as const
export type NextApp = (typeof NEXT_APPS)[number]

/** Whose `/internal/metrics` the Console reads. */
const METERED: readonly ServiceName[] = ['core-api', 'telemetry-api', 'clinic', 'portal']

/** What all services of one platform have in common. */
export interface PlatformFacts {
  readonly phase: 1 | 2
  readonly topology: Topology
  readonly ports: Readonly<Record<ServiceName, number>>
  readonly secrets: PlatformSecrets
  readonly clinics: number
  /** Milliseconds that rendering a letter takes in the Core API. */
  readonly renderMs: number
  /** Client connections of one service to one server. */
  readonly poolMax: number
}

/** Drawn for each run, and told to nobody but the services. */
export interface PlatformSecrets {
  /** Of every account. */
  readonly demoPassword: string
  readonly tokenKey: string
  readonly metricsToken: string
}

/** The service as it is started, with all that it is told. Phase 1 and 2 differ in `REPLICA_URLS`, and in the label. */
export function serviceSpec(name: ServiceName, facts: PlatformFacts): ServiceSpec {
  const port = facts.ports[name]
  return {
    name,
    port,
    args: isNextApp(name)
      ? nextStart(name, port)
      : [fileURLToPath(new URL(`../${name}/main.ts`, import.meta.url))],
    env: environment(name, facts),
  }
}

export function isNextApp(name: ServiceName): name is NextApp {
  return (NEXT_APPS as readonly string[]).includes(name)
}

/** Where a service listens. */
export function addressOf(name: ServiceName, { ports }: Pick<PlatformFacts, 'ports'>): string {
  return `http://127.0.0.1:${ports[name]}`
}

function environment(name: ServiceName, facts: PlatformFacts): Record<string, string> {
  const { topology, secrets, phase, ports } = facts
  const { rig, telemetry } = topology
  const asApp = { user: 'app', database: CLINIC_DATABASE }
  const common = {
    HOST: '127.0.0.1',
    PORT: String(ports[name]),
    PLATFORM_PHASE: String(phase),
    IDENTITY_URL: addressOf('identity', facts),
    METRICS_TOKEN: secrets.metricsToken,
    POOL_MAX: String(facts.poolMax),
    NEXT_TELEMETRY_DISABLED: '1',
    NEXT_MANUAL_SIG_HANDLE: 'true',
  }
  const database = {
    DATABASE_URL: throughBalancer(topology, 'app', CLINIC_DATABASE),
    REPLICA_URLS: topology.replicas.map(({ id, pooler }) => `${id}=${pooler.url(asApp)}`).join(','),
    SYSTEM_DATABASE_URL: throughBalancer(topology, 'cache_relay', CLINIC_DATABASE),
    REDIS_URL: rig.redis?.url ?? '',
    TOKEN_KEY: secrets.tokenKey,
  }
  const telemetryUrl = telemetry.pooler.url({ user: 'telemetry_app', database: TELEMETRY_DATABASE })
  switch (name) {
    case 'identity':
      return { ...common, DEMO_PASSWORD: secrets.demoPassword, CLINICS: String(facts.clinics) }
    case 'core-api':
      return { ...common, ...database, RENDER_MS: String(facts.renderMs) }
    case 'telemetry-api':
      return { ...common, TELEMETRY_DATABASE_URL: telemetryUrl }
    case 'clinic':
      return { ...common, ...database, TELEMETRY_API_URL: addressOf('telemetry-api', facts) }
    case 'portal':
      return {
        ...common,
        CORE_API_URL: addressOf('core-api', facts),
        TELEMETRY_API_URL: addressOf('telemetry-api', facts),
      }
    case 'console':
      return {
        ...common,
        SERVICES: METERED.map((service) => `${service}=${addressOf(service, facts)}`).join(','),
        OPERATOR_DATABASE_URL: rig.primary.url({ user: 'operator_reader', database: CLINIC_DATABASE }),
        TELEMETRY_OPERATOR_DATABASE_URL: telemetry.primary.url({
          user: 'operator_reader',
          database: TELEMETRY_DATABASE,
        }),
      }
  }
}
