import pg from 'pg'
import { type Document, TENANT } from './document.ts'
import { LoadCounter } from './load-counter.ts'
import type { CachePeerOptions } from './peer.ts'

/** Where peers that know nothing of databases load documents from: as a careful application would, with the tenant set. */
export function openSource(options: CachePeerOptions): (id: number) => Promise<Document> {
  const pool = new pg.Pool({ connectionString: options.databaseUrl, max: 10 })
  pool.on('error', () => {})
  const counter = new LoadCounter(options)
  return async (id) => {
    await counter.count(id)
    const client = await pool.connect()
    try {
      await client.query('begin read only')
      await client.query("select set_config('app.tenant_id', $1, true)", [TENANT])
      const { rows } = await client.query<{ body: Document }>('select body from documents where id = $1', [
        id,
      ])
      await client.query('commit')
      client.release()
      const [row] = rows
      if (!row) throw new Error(`There is no document ${id}.`)
      return row.body
    } catch (error) {
      client.release(true)
      throw error
    }
  }
}
