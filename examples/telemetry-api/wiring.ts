import { readEnv, variables } from '@clinic/kit'
import { Directory } from '@clinic/schema'
import { createLeasehold } from 'leasehold'
import type { TelemetryDatabase } from './database.ts'

/** What this service is told. */
export function readTelemetryEnv() {
  return readEnv({
    HOST: variables.HOST,
    PORT: variables.PORT,
    TELEMETRY_DATABASE_URL: variables.TELEMETRY_DATABASE_URL,
    METRICS_TOKEN: variables.METRICS_TOKEN,
    POOL_MAX: variables.POOL_MAX,
  })
}

export type TelemetryEnv = ReturnType<typeof readTelemetryEnv>

/** Its own database: all of leasehold that there is in this service. */
export function wire({ TELEMETRY_DATABASE_URL, POOL_MAX: max }: TelemetryEnv) {
  const db = createLeasehold<TelemetryDatabase>({
    primary: { connectionString: TELEMETRY_DATABASE_URL, max },
    settings: ['app.user_id'],
    // An app that has no answer by then sends the batch again, under the same key.
    timeoutMs: 5_000,
  })
  return {
    db,
    directory: new Directory(() => db.shared().selectFrom('organization_domains').selectAll().execute()),
  }
}

export type Wiring = ReturnType<typeof wire>
