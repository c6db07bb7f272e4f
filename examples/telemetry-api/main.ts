import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve, startMetrics } from '@clinic/kit'
import { createAdaptorServer } from '@hono/node-server'
import { createTelemetryApi } from './telemetry-api.ts'
import { readTelemetryEnv, wire } from './wiring.ts'

const env = readTelemetryEnv()
const wiring = wire(env)
const metrics = startMetrics({ service: 'telemetry-api', ...wiring })
const server = createAdaptorServer({ fetch: createTelemetryApi({ env, wiring, metrics }).fetch }) as Server

await serve({
  service: 'telemetry-api',
  listen: async () => {
    server.listen(env.PORT, env.HOST)
    await once(server, 'listening')
    return `http://${env.HOST}:${(server.address() as AddressInfo).port}`
  },
  close: async () => {
    server.close()
    server.closeIdleConnections()
    await once(server, 'close')
    await wiring.db.close({ drainMs: 10_000 })
  },
})
