import KeyvRedis from '@keyv/redis'
import { Cacheable } from 'cacheable'
import { type Document, TENANT } from '../document.ts'
import { type ConnectCachePeer, TTL_MS } from '../peer.ts'
import { openSource } from '../source.ts'

/** Has memory in front of Redis. */
export const connectCacheable: ConnectCachePeer = (options) => {
  const load = openSource(options)
  const cache = new Cacheable({ secondary: new KeyvRedis(options.redisUrl), ttl: TTL_MS })
  return {
    get: async (id) => {
      const key = `${options.prefix}${TENANT}:${id}`
      const document = await cache.getOrSet<Document>(key, () => load(id), { ttl: TTL_MS })
      if (!document) throw new Error(`There is no document ${id}.`)
      return document
    },
  }
}
