import type { Metrics } from '@clinic/kit'
import { Hono } from 'hono'
import { leasehold } from 'leasehold/hono'
import { answerWithProblems } from './problems.ts'
import { ingestRoute } from './routes/ingest.ts'
import { serviceRoutes } from './routes/service.ts'
import { summaryRoute } from './routes/summary.ts'
import { identifyBy } from './session.ts'
import type { TelemetryEnv, Wiring } from './wiring.ts'

/** What the service is made of. */
export interface TelemetryApiParts {
  readonly env: Pick<TelemetryEnv, 'METRICS_TOKEN'>
  readonly wiring: Wiring
  readonly metrics: Metrics
  /** Takes lines of the log. */
  readonly log?: (line: string) => void
}

/** Makes the service, and listens to nothing yet. */
export function createTelemetryApi({ env, wiring, metrics, log = console.error }: TelemetryApiParts): Hono {
  const app = new Hono()
  answerWithProblems(app, log)
  app.use(async (context, next) => {
    await next()
    metrics.countResponse(context.res.status)
  })
  app.route('/', serviceRoutes(wiring, metrics, env))
  app.use('/v1/*', leasehold(wiring.db, { identify: identifyBy(wiring.directory) }))
  app.route('/v1/events', ingestRoute(wiring))
  app.route('/v1/events', summaryRoute(wiring))
  return app
}
