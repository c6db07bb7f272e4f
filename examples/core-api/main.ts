import { serve, startMetrics } from '@clinic/kit'
import { createCoreApi } from './core-api.ts'
import { readCoreApiEnv, wire } from './wiring.ts'

const env = readCoreApiEnv()
const wiring = await wire(env)
// One hit in a hundred is compared with the primary: a clinic's API is small enough to be sure of itself.
const audit = wiring.cache?.audit({ sample: 0.01 })
const metrics = startMetrics({ service: 'core-api', ...wiring, audit })
const app = await createCoreApi({ env, wiring, metrics })

await serve({
  service: 'core-api',
  listen: () => app.listen({ host: env.HOST, port: env.PORT }),
  close: async () => {
    await app.close()
    await wiring.close()
  },
})
