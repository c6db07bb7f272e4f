import { Redis } from 'ioredis'
import { type Document, TENANT } from '../document.ts'
import { type ConnectCachePeer, TTL_MS } from '../peer.ts'
import { openSource } from '../source.ts'

/** What teams write by hand: GET, and on a miss load and SET. */
export const connectCacheAside: ConnectCachePeer = (options) => {
  const redis = new Redis(options.redisUrl)
  const load = openSource(options)
  return {
    get: async (id) => {
      const key = `${options.prefix}${TENANT}:${id}`
      const cached = await redis.get(key)
      if (cached !== null) return JSON.parse(cached) as Document
      const document = await load(id)
      await redis.set(key, JSON.stringify(document), 'PX', TTL_MS)
      return document
    },
  }
}
