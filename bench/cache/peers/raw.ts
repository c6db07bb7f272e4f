import { Redis } from 'ioredis'
import { type Document, documentOf, TENANT } from '../document.ts'
import type { ConnectCachePeer } from '../peer.ts'
import { HIT_DOCUMENTS } from '../scenario.ts'

/** GET and JSON.parse: what every ratio is taken to. It loads nothing, so its documents are put there first. */
export const connectRaw: ConnectCachePeer = async ({ redisUrl, prefix }) => {
  const redis = new Redis(redisUrl)
  const keyOf = (id: number) => `${prefix}${TENANT}:${id}`
  for (let id = 1; id <= HIT_DOCUMENTS; id += 1) await redis.set(keyOf(id), JSON.stringify(documentOf(id)))
  return {
    get: async (id) => JSON.parse((await redis.get(keyOf(id))) ?? 'null') as Document,
  }
}
