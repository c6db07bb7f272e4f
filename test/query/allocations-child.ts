/**
 * Counts the bytes that statements of tenants allocate in this process, which must have room for all of them without
 * collecting garbage. Prints one line of JSON.
 *
 *     node --expose-gc --min-semi-space-size=128 --max-semi-space-size=128 allocations-child.ts <url>
 */
import { PerformanceObserver } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { createLeasehold, uuid } from '../../src/index.ts'

const OPERATIONS = 1_000
/** Until V8 has compiled what it will compile. */
const WARM_UP = 3_000
const TEXT = 'select id, body, $1::int as asked from notes where id = 0'

const [url = ''] = process.argv.slice(2)
const pool = new pg.Pool({ connectionString: url, max: 1 })
const plain = new pg.Pool({ connectionString: url, max: 1 })
const db = createLeasehold({ primary: pool })

let collections = 0
new PerformanceObserver((list) => {
  collections += list.getEntries().length
}).observe({ entryTypes: ['gc'] })

async function repeat(times: number, operate: (index: number) => Promise<unknown>): Promise<void> {
  for (let index = 0; index < times; index += 1) await operate(index)
}

/** Bytes of one operation on average, over operations that follow one another. */
async function measure(operate: (index: number) => Promise<unknown>): Promise<number> {
  await repeat(WARM_UP, operate)
  globalThis.gc?.()
  await sleep(20)
  collections = 0
  const before = process.memoryUsage().heapUsed
  await repeat(OPERATIONS, operate)
  const bytes = (process.memoryUsage().heapUsed - before) / OPERATIONS
  await sleep(20)
  if (collections > 0) throw new Error('Garbage was collected while it was to be counted.')
  return Math.round(bytes)
}

const tenant = (index: number) => uuid(`00000000-0000-4000-8000-${String(index).padStart(12, '0')}`)
const among = (tenants: number) => (index: number) =>
  db.tenant(tenant((index * 7_919) % tenants), { readOnly: true }).query(TEXT, [index])

// What V8 makes of the code depends on all that has run, so that everything runs before anything is counted.
await repeat(4 * WARM_UP, among(1_000_000))
const count = async () => ({
  plain: await measure((index) => plain.query({ name: 'plain', text: TEXT, values: [index] })),
  tenTenants: await measure(among(10)),
  millionTenants: await measure(among(1_000_000)),
})
// V8 may change its mind in the middle of one count.
const counts = [await count(), await count(), await count()]
const least = (name: keyof (typeof counts)[number]) => Math.min(...counts.map((counted) => counted[name]))
await db.close()
await Promise.all([pool.end(), plain.end()])
console.log(
  JSON.stringify({
    plain: least('plain'),
    tenTenants: least('tenTenants'),
    millionTenants: least('millionTenants'),
  }),
)
