import type { FastifyInstance } from 'fastify'
import type { CoreApiParts } from '../core-api-parts.ts'

/** What a load balancer, an operator and a client's generator ask for. */
export async function serviceRoutes(
  app: FastifyInstance,
  { env, wiring, metrics }: CoreApiParts,
): Promise<void> {
  const hidden = { schema: { hide: true } }
  app.get('/healthz', hidden, () => ({ ok: true }))

  app.get('/readyz', hidden, async (_request, reply) => {
    const { ok, primary } = await wiring.db.health()
    const reasons = primary.code === undefined ? [] : [`primary: ${primary.code}`]
    return reply.code(ok ? 200 : 503).send({ ok, reasons })
  })

  app.get('/internal/metrics', hidden, (request, reply) => {
    if (metrics.mayRead(request.headers.authorization, env.METRICS_TOKEN))
      return reply.send(metrics.snapshot())
    return reply.code(401).send()
  })

  app.get('/openapi.json', hidden, () => app.swagger())
}
