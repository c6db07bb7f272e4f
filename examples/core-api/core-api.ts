import swagger from '@fastify/swagger'
import fastify, { type FastifyInstance, type FastifyPluginAsync, LogController } from 'fastify'
import { leaseholdPlugin, tokenHeader } from 'leasehold/fastify'
import type { CoreApiParts } from './core-api-parts.ts'
import { answerWithProblems } from './problems.ts'
import { appointmentRoutes } from './routes/appointments.ts'
import { letterRoutes } from './routes/letter.ts'
import { meRoutes } from './routes/me.ts'
import { patientRoutes } from './routes/patients.ts'
import { recordRoutes } from './routes/records.ts'
import { serviceRoutes } from './routes/service.ts'
import { summaryRoutes } from './routes/summary.ts'
import { identify, signIn } from './session.ts'

/** The header that carries consistency tokens, both ways. */
export const TOKEN_HEADER = 'leasehold-token'

/** Makes the service, and listens to nothing yet. */
export async function createCoreApi(parts: CoreApiParts): Promise<FastifyInstance> {
  const { wiring, metrics } = parts
  const app = fastify({
    logger: { level: process.env.LOG_LEVEL ?? 'warn' },
    // What was asked for holds ids of patients: a line for each request is the audit log's business.
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle',
    bodyLimit: 64 * 1024,
  })
  answerWithProblems(app)
  app.addHook('onResponse', (_request, reply, done) => {
    metrics.countResponse(reply.statusCode)
    done()
  })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Core API of the clinic platform', version: '1.0.0' },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
      security: [{ bearer: [] }],
    },
  })
  const v1: FastifyPluginAsync = async (scoped) => {
    // Who it is, before any of the body is read; then for whom, and the scope that `db.current()` reads in.
    scoped.addHook('onRequest', signIn(wiring.directory))
    await scoped.register(leaseholdPlugin, {
      db: wiring.db,
      identify,
      tokens: tokenHeader({ name: TOKEN_HEADER }),
    })
    // Leasehold says it of answers that have a tenant; a person's clinics are nobody else's either, nor is a refusal.
    scoped.addHook('onSend', async (_request, reply) => {
      if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'private, no-store')
    })
    for (const routes of CLINIC_ROUTES) await scoped.register(routes, parts)
  }
  const open: FastifyPluginAsync = (scoped) => serviceRoutes(scoped, parts)
  await app.register(open)
  await app.register(v1, { prefix: '/v1' })
  return app
}

const CLINIC_ROUTES = [patientRoutes, recordRoutes, appointmentRoutes, summaryRoutes, letterRoutes, meRoutes]
