import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ANNA } from '../../../examples/schema/seed/cast.ts'
import { SONNENHOF } from '../../../examples/schema/seed/platform-clinics.ts'
import { miraAt } from '../../../examples/schema/seed/seed-mira.ts'
import { type RunningCoreApi, startCoreApi } from '../support/start-core-api.ts'

const REQUESTS = 1_000
const RENDER_MS = 50
const MOST_CONNECTIONS = 4

let resources: AsyncDisposableStack
let api: RunningCoreApi

beforeAll(async () => {
  resources = new AsyncDisposableStack()
  api = await startCoreApi(resources, { standbys: 0, redis: true, renderMs: RENDER_MS })
})
afterAll(() => resources?.disposeAsync())

describe('a thousand letters at a time, each rendered for 50 ms', () => {
  it('take no more than 4 server connections, and each is logged', async () => {
    const anna = await api.signIn(ANNA)
    const path = `/v1/clinics/sonnenhof/patients/${miraAt(SONNENHOF)}/letter`
    await api.call(anna, 'GET', path)
    await api.admin.query('truncate audit_log')
    const watch = await watchConnections()
    const answers = await Promise.all(Array.from({ length: REQUESTS }, () => api.call(anna, 'GET', path)))
    const most = await watch.stop()
    expect(answers.filter(({ status }) => status !== 200)).toEqual([])
    expect(most).toBeLessThanOrEqual(MOST_CONNECTIONS)
    expect(most).toBeGreaterThan(0)
    const { rows } = await api.admin.query('select count(*)::int as n from audit_log')
    expect(rows).toEqual([{ n: 3 * REQUESTS }])
  })

  /** The most connections of the application that the server had at one time. */
  async function watchConnections() {
    const client = new Client({ connectionString: api.rig.primary.adminUrl() })
    await client.connect()
    let most = 0
    let isOver = false
    const looking = (async () => {
      while (!isOver) {
        const { rows } = await client.query(
          "select count(*)::int as n from pg_stat_activity where usename = 'app' and backend_type = 'client backend'",
        )
        most = Math.max(most, rows[0].n)
      }
    })()
    return {
      async stop() {
        isOver = true
        await looking
        await client.end()
        return most
      },
    }
  }
})
