import { once } from 'node:events'
import { Agent, request as send } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Leasehold } from '../../src/index.ts'
import type { Rig } from '../../src/testing/rig/rig.ts'
import { openFleet, startNotesRig } from '../router/support/fleet.ts'
import { fill, TENANT_A, TENANT_B } from '../support/notes.ts'
import { type App, startExpress, startFastify, startHono } from './support/apps.ts'

const SOCKETS = 5
const REQUESTS = 200

describe.each([
  ['Fastify', startFastify],
  ['Express', startExpress],
  ['Hono', startHono],
])('many requests of two tenants, %s', (_name, start) => {
  let rig: Rig
  let db: Leasehold
  let app: App

  beforeAll(async () => {
    rig = await startNotesRig(1)
    ;({ db } = openFleet(rig))
    app = await start(db)
    await fill(
      rig.primary.adminUrl(),
      `insert into notes (tenant_id, body) values ('${TENANT_A}', 'x'), ('${TENANT_B}', 'x'), ('${TENANT_B}', 'x')`,
    )
  })
  afterAll(async () => {
    await app?.close()
    await db.close({ drainMs: 1_000 })
    await rig.stop()
  })

  it('each see their own rows over a few sockets that are kept', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS })
    const sockets = new Set<unknown>()
    const ask = async (user: string) => {
      const request = send(`${app.url}/notes`, { agent, headers: { authorization: user } }).end()
      const [response] = await once(request, 'response')
      sockets.add(request.socket)
      return `${user} ${JSON.parse(await text(response)).notes}`
    }
    await expect.poll(() => ask('bert'), { timeout: 10_000 }).toBe('bert 2')
    const seen = await Promise.all(Array.from({ length: REQUESTS }, (_, n) => ask(n % 3 ? 'anna' : 'bert')))
    agent.destroy()
    expect(seen).toEqual(Array.from({ length: REQUESTS }, (_, n) => (n % 3 ? 'anna 1' : 'bert 2')))
    expect(sockets.size).toBeLessThanOrEqual(SOCKETS)
  })

  it('each see their own rows where one socket sends them without waiting', async () => {
    const { hostname, port } = new URL(app.url)
    const socket = connect(Number(port), hostname)
    const users = Array.from({ length: 40 }, (_, n) => (n % 3 ? 'anna' : 'bert'))
    const line = (user: string, last: boolean) =>
      `GET /notes HTTP/1.1\r\nhost: x\r\nauthorization: ${user}\r\n${last ? 'connection: close\r\n' : ''}\r\n`
    socket.write(users.map((user, n) => line(user, n === users.length - 1)).join(''))
    const answers = (await text(socket)).matchAll(/"notes":(\d+)/g)
    expect(Array.from(answers, ([, notes]) => Number(notes))).toEqual(
      users.map((user) => (user === 'anna' ? 1 : 2)),
    )
  })

  it('of which one that waited behind another is rolled back when their client goes away', async () => {
    const { hostname, port } = new URL(app.url)
    const socket = connect(Number(port), hostname)
    const line = 'HTTP/1.1\r\nhost: x\r\nauthorization: anna\r\ncontent-length: 0\r\n\r\n'
    const admin = new pg.Client({ connectionString: rig.primary.adminUrl() })
    await admin.connect()
    const bodies = async () => (await admin.query(`select body from notes where body <> 'x'`)).rows
    const working = async () =>
      (await admin.query(`select from pg_stat_activity where state = 'active' and wait_event = 'PgSleep'`))
        .rowCount
    socket.write(`POST /tx/slow ${line}POST /tx/slower ${line}`)
    await expect.poll(working, { timeout: 3_000, interval: 10 }).toBe(2)
    socket.destroy()
    await expect.poll(working, { timeout: 5_000, interval: 20 }).toBe(0)
    await expect.poll(() => db.pool().idle === db.pool().total, { timeout: 3_000 }).toBe(true)
    expect(await bodies()).toEqual([])
    await admin.end()
  })
})
