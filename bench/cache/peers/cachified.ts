import { type Cache, type CacheEntry, cachified } from '@epic-web/cachified'
import { Redis } from 'ioredis'
import { TENANT } from '../document.ts'
import { type ConnectCachePeer, TTL_MS } from '../peer.ts'
import { openSource } from '../source.ts'

/** Over ioredis, by an adapter of the kind that its documentation asks for. */
export const connectCachified: ConnectCachePeer = (options) => {
  const load = openSource(options)
  const redis = new Redis(options.redisUrl)
  const cache: Cache = {
    get: async (key) => {
      const text = await redis.get(key)
      return text === null ? null : (JSON.parse(text) as CacheEntry)
    },
    set: (key, entry) => redis.set(key, JSON.stringify(entry), 'PX', TTL_MS),
    delete: (key) => redis.del(key),
  }
  return {
    get: (id) =>
      cachified({
        key: `${options.prefix}${TENANT}:${id}`,
        cache,
        ttl: TTL_MS,
        getFreshValue: () => load(id),
      }),
  }
}
