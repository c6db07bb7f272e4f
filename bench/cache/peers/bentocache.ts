import { BentoCache, bentostore } from 'bentocache'
import { memoryDriver } from 'bentocache/drivers/memory'
import { redisBusDriver, redisDriver } from 'bentocache/drivers/redis'
import { TENANT } from '../document.ts'
import { type CachePeer, type CachePeerOptions, type ConnectCachePeer, TTL_MS } from '../peer.ts'
import { openSource } from '../source.ts'

export const connectBentocacheL2: ConnectCachePeer = (options) => {
  const { prefix } = options
  const store = bentostore({ prefix }).useL2Layer(redisDriver({ connection: addressOf(options) }))
  return use(new BentoCache({ default: 'main', stores: { main: store } }), options)
}

/** With memory in front of Redis, and its bus, which tells other processes what was set. */
export const connectBentocacheL1L2: ConnectCachePeer = (options) => {
  const connection = addressOf(options)
  const store = bentostore({ prefix: options.prefix })
    .useL1Layer(memoryDriver({ maxItems: 1_000 }))
    .useL2Layer(redisDriver({ connection }))
    .useBus(redisBusDriver({ connection }))
  return use(new BentoCache({ default: 'main', stores: { main: store } }), options)
}

/** What a tenant has is in a namespace, which is kept: `namespace()` of each call has locks of its own, and shares no load. */
function use(
  cache: BentoCache<{ main: ReturnType<typeof bentostore> }>,
  options: CachePeerOptions,
): CachePeer {
  const load = openSource(options)
  const tenant = cache.namespace(TENANT)
  return {
    get: (id) => tenant.getOrSet({ key: String(id), ttl: TTL_MS, factory: () => load(id) }),
  }
}

function addressOf({ redisUrl }: CachePeerOptions): { host: string; port: number } {
  const { hostname: host, port } = new URL(redisUrl)
  return { host, port: Number(port) }
}
