import { pathToFileURL } from 'node:url'
import type { Document } from '../document.ts'
import { TENANT } from '../document.ts'
import { LoadCounter } from '../load-counter.ts'
import { type CachePeer, type CachePeerOptions, type ConnectCachePeer, TTL_MS } from '../peer.ts'

type Core = typeof import('../../../src/index.ts')
type Caching = typeof import('../../../src/cache/index.ts')

/** With its fences: the tenant's, the value's own and one tag. */
export const connectLeasehold: ConnectCachePeer = (options) => connect(options, {})

/** Keeps decoded values in the process, and asks Redis whether they hold. */
export const connectLeaseholdLocal: ConnectCachePeer = (options) => connect(options, { local: true })

/** Keeps nothing in the process. */
export const connectLeaseholdRemote: ConnectCachePeer = (options) => connect(options, { local: false })

async function connect(options: CachePeerOptions, keeping: { readonly local?: boolean }): Promise<CachePeer> {
  const { redisUrl, databaseUrl, prefix, entry } = options
  const { createLeasehold, uuid }: Core = await import(pathToFileURL(entry).href)
  const { createCache }: Caching = await import(new URL('cache/index.js', pathToFileURL(entry)).href)
  const db = createLeasehold({ primary: { connectionString: databaseUrl, max: 10 }, verifyOnStart: false })
  const cache = await createCache({ db, redis: { url: redisUrl }, prefix })
  const counter = new LoadCounter(options)
  const documents = cache.define('documents', {
    key: (id: number) => [id],
    tables: ['documents'],
    tags: (id) => [`document:${id}`],
    ttlMs: TTL_MS,
    ...keeping,
    load: async (tx, id): Promise<Document> => {
      await counter.count(id)
      const { rows } = await tx.query<{ body: Document }>('select body from documents where id = $1', [id])
      const [row] = rows
      if (!row) throw new Error(`There is no document ${id}.`)
      return row.body
    },
  })
  const call = { tenant: uuid(TENANT) }
  return { get: (id) => documents.getFor(call, id) }
}
