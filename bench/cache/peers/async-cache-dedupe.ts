import { createCache } from 'async-cache-dedupe'
import { Redis } from 'ioredis'
import { TENANT } from '../document.ts'
import { type ConnectCachePeer, TTL_MS } from '../peer.ts'
import { openSource } from '../source.ts'

export const connectAsyncCacheDedupe: ConnectCachePeer = (options) => {
  const load = openSource(options)
  const cache = createCache({
    ttl: TTL_MS / 1_000,
    storage: { type: 'redis', options: { client: new Redis(options.redisUrl) } },
  }).define(`${options.prefix}documents`, { serialize: String }, (key: string) =>
    load(Number(key.split('/')[1])),
  )
  const documents = cache[`${options.prefix}documents`]
  if (!documents) throw new Error('async-cache-dedupe has not defined what it was asked to.')
  return { get: (id) => documents(`${TENANT}/${id}`) }
}
