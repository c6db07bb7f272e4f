import 'server-only'
import { type Metrics, readEnv, startMetrics, variables } from '@clinic/kit'

/** What this service is told. It has no database: what it shows, the Core API says. */
export function readPortalEnv() {
  return readEnv({
    CORE_API_URL: variables.CORE_API_URL,
    IDENTITY_URL: variables.IDENTITY_URL,
    METRICS_TOKEN: variables.METRICS_TOKEN,
  })
}

interface Wiring {
  readonly env: ReturnType<typeof readPortalEnv>
  /** Its responses are those that it was given by the Core API. */
  readonly metrics: Metrics
}

/** Next.js makes several bundles of one module; they share one process, and so these numbers. */
const processWide = globalThis as typeof globalThis & { clinicPortal?: Wiring }

/** Made when it is first asked for: a build has no environment. */
export function wiring(): Wiring {
  processWide.clinicPortal ??= { env: readPortalEnv(), metrics: startMetrics({ service: 'portal' }) }
  return processWide.clinicPortal
}
