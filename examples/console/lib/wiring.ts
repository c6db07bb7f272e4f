import { readEnv, variables } from '@clinic/kit'
import { z } from 'zod'
import { databaseSource } from '../collect/database-source.ts'
import { fetchMetrics } from '../collect/fetch-metrics.ts'
import { createObserver } from '../collect/observer.ts'
import { readingOf } from '../collect/reading.ts'
import { audited } from './audited.ts'

/** `core-api=http://…,clinic=http://…` */
const services = z.string().transform((text, context) => {
  const list = text.split(',').map((entry) => {
    const at = entry.indexOf('=')
    return { name: entry.slice(0, Math.max(at, 0)).trim(), url: entry.slice(at + 1).trim() }
  })
  if (list.every(({ name, url }) => /^[a-z0-9-]+$/.test(name) && URL.canParse(url))) return list
  context.addIssue('must be a list such as core-api=http://127.0.0.1:8080,clinic=http://127.0.0.1:8081')
  return z.NEVER
})

/** What this service is told. */
export function readConsoleEnv() {
  return readEnv({
    IDENTITY_URL: variables.IDENTITY_URL,
    METRICS_TOKEN: variables.METRICS_TOKEN,
    SERVICES: services,
    /** Straight to the primaries, as the role `operator_reader`. */
    OPERATOR_DATABASE_URL: variables.DATABASE_URL,
    TELEMETRY_OPERATOR_DATABASE_URL: variables.TELEMETRY_DATABASE_URL.optional(),
    PLATFORM_PHASE: variables.PLATFORM_PHASE,
  })
}

/** Every source that the page has, and who asks them. */
function wire() {
  const env = readConsoleEnv()
  const clinic = databaseSource('clinic', env.OPERATOR_DATABASE_URL, audited)
  const telemetry =
    env.TELEMETRY_OPERATOR_DATABASE_URL === undefined
      ? undefined
      : databaseSource('telemetry', env.TELEMETRY_OPERATOR_DATABASE_URL, {
          ...audited,
          appRole: 'telemetry_app',
        })
  const databases = telemetry ? [clinic, telemetry] : [clinic]
  const observer = createObserver(async () => {
    const [read, directory, metered] = await Promise.all([
      Promise.all(databases.map((database) => database.read())),
      clinic.readDirectory(),
      Promise.all(
        env.SERVICES.map(async ({ name, url }) => ({
          name,
          metrics: await readingOf(() => fetchMetrics(url, env.METRICS_TOKEN)),
        })),
      ),
    ])
    return {
      atMs: Date.now(),
      phaseLabel: env.PLATFORM_PHASE,
      services: metered,
      databases: read,
      ...directory,
    }
  })
  const close = async () => {
    await Promise.all(databases.map((database) => database.close()))
  }
  return { env, observer, close }
}

type Wiring = ReturnType<typeof wire>

/** Next.js makes several bundles of one module; they share one process, and so these pools. */
const processWide = globalThis as typeof globalThis & { clinicConsole?: Wiring }

/** Made when it is first asked for: a build has no environment. */
export function wiring(): Wiring {
  processWide.clinicConsole ??= wire()
  return processWide.clinicConsole
}

/** Closes what was made, if anything was. */
export async function unwire(): Promise<void> {
  await processWide.clinicConsole?.close()
}
