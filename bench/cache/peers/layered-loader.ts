import { Redis } from 'ioredis'
import { Loader } from 'layered-loader'
import { RedisCache } from 'layered-loader/redis'
import { type Document, TENANT } from '../document.ts'
import { type ConnectCachePeer, TTL_MS } from '../peer.ts'
import { openSource } from '../source.ts'

/** Without its memory, which nothing revalidates. */
export const connectLayeredLoader: ConnectCachePeer = (options) => {
  const load = openSource(options)
  const loader = new Loader<Document>({
    asyncCache: new RedisCache<Document>(new Redis(options.redisUrl), {
      prefix: options.prefix,
      json: true,
      ttlInMsecs: TTL_MS,
    }),
    dataSourceGetOneFn: (key) => load(Number(key.split('/')[1])),
  })
  return {
    get: async (id) => {
      const document = await loader.get(`${TENANT}/${id}`)
      if (!document) throw new Error(`There is no document ${id}.`)
      return document
    },
  }
}
