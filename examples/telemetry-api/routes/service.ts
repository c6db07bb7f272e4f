import type { Metrics } from '@clinic/kit'
import { Hono } from 'hono'
import type { TelemetryEnv, Wiring } from '../wiring.ts'

/** What a load balancer and an operator ask for. */
export function serviceRoutes(
  { db }: Pick<Wiring, 'db'>,
  metrics: Metrics,
  env: Pick<TelemetryEnv, 'METRICS_TOKEN'>,
): Hono {
  const app = new Hono()
  app.get('/healthz', (context) => context.json({ ok: true }))
  app.get('/readyz', async (context) => {
    const { ok, primary } = await db.health()
    const reasons = primary.code === undefined ? [] : [`primary: ${primary.code}`]
    return context.json({ ok, reasons }, ok ? 200 : 503)
  })
  app.get('/internal/metrics', (context) =>
    metrics.mayRead(context.req.header('authorization'), env.METRICS_TOKEN)
      ? context.json(metrics.snapshot())
      : context.body(null, 401),
  )
  return app
}
