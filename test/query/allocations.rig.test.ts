import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { openTarget } from '../support/target.ts'

const CHILD = fileURLToPath(new URL('allocations-child.ts', import.meta.url))
const ROOM = ['--expose-gc', '--min-semi-space-size=128', '--max-semi-space-size=128']
/** 17,160 on Node 24, where plain node-postgres has 7,850; the room is 4 %. */
const BYTES_AT_MOST = 17_850

it('allocates no more for a statement than it did, whatever the number of tenants', async () => {
  await using target = await openTarget('direct', { poolSize: 2 })
  const { host, port, user, database } = target.poolOptions()
  const url = `postgres://${user}@${host}:${port}/${database}`
  const { stdout } = await promisify(execFile)(process.execPath, [...ROOM, CHILD, url], { timeout: 25_000 })
  const { plain, tenTenants, millionTenants } = JSON.parse(stdout)
  console.log(
    `bytes for a statement: plain pg ${plain}, 10 tenants ${tenTenants}, a million ${millionTenants}`,
  )
  expect(plain).toBeGreaterThan(1_000)
  expect(tenTenants).toBeLessThan(BYTES_AT_MOST)
  expect(Math.abs(millionTenants / tenTenants - 1)).toBeLessThan(0.05)
})
