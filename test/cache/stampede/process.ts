import { setTimeout as sleep } from 'node:timers/promises'
import { createCache } from '../../../src/cache/index.ts'
import { uuid } from '../../../src/context/tenant-id.ts'
import { createLeasehold } from '../../../src/index.ts'
import type { StampedeMessage, StampedeOrder, StampedeReply, StampedeStart } from './messages.ts'

/* One process of an application. It ends with the test that started it. */

const { pool, redis, prefix, leaseMs }: StampedeStart = JSON.parse(process.argv[2] ?? '')
const CLINIC = uuid('aaaaaaaa-0000-4000-8000-00000000000a')

process.on('disconnect', () => process.exit())

const db = createLeasehold({ primary: pool, settings: ['app.user_id'], verifyOnStart: false })
// Many gets at once are much work for a busy machine: no call may give up on Redis for that.
const cache = await createCache({ db, redis, prefix, leaseMs, timeoutMs: 5_000 })
let loadMs = 0
const rooms = cache.define('rooms', {
  key: (id: number) => [id],
  tables: ['rooms'],
  tags: (id) => [`room:${id}`],
  vary: 'tenant',
  ttlMs: 60_000,
  load: async (tx, id) => {
    const { rows } = await tx.query<{ name: string }>('select name from rooms where id = $1', [id])
    await sleep(loadMs)
    return rows[0]?.name
  },
})

process.on('message', (order: StampedeOrder) => {
  run(order).then(send, (error: unknown) => send({ error: String(error) }))
})
send('ready')

async function run(order: StampedeOrder): Promise<StampedeReply> {
  const before = counts()
  await sleep(Math.max(0, order.atMs - Date.now()))
  loadMs = order.loadMs
  const answers = await Promise.all(
    Array.from({ length: order.calls }, () => rooms.getFor({ tenant: CLINIC }, order.id)),
  )
  const after = counts()
  return {
    values: [...new Set(answers)].map((answer) => answer ?? null),
    loads: after.loads - before.loads,
    stores: after.stores - before.stores,
    overtaken: after.overtaken - before.overtaken,
    unstored: after.unstored - before.unstored,
  }
}

function counts() {
  const { loads = 0, stores = 0, overtaken = 0, unstored = 0 } = cache.snapshot().definitions.rooms ?? {}
  return { loads, stores, overtaken, unstored }
}

function send(message: StampedeMessage): void {
  process.send?.(message)
}
