import { createKeyv } from '@keyv/redis'
import { createCache } from 'cache-manager'
import { TENANT } from '../document.ts'
import { type ConnectCachePeer, TTL_MS } from '../peer.ts'
import { openSource } from '../source.ts'

export const connectCacheManager: ConnectCachePeer = (options) => {
  const load = openSource(options)
  const cache = createCache({ stores: [createKeyv(options.redisUrl)], ttl: TTL_MS })
  return { get: (id) => cache.wrap(`${options.prefix}${TENANT}:${id}`, () => load(id), TTL_MS) }
}
