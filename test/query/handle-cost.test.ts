import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { createLeasehold, uuid } from '../../src/index.ts'

const HANDLES = 100_000
/** 416 on Node 24, of which 56 are the parsed tenant id. A Kysely with a dialect of its own has 6,800. */
const BYTES_AT_MOST = 520

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

function heapUsed(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

describe('the handle of a tenant', () => {
  it(`takes at most ${BYTES_AT_MOST} bytes, so that one can be made for each request`, () => {
    const db = createLeasehold({ primary: { host: '127.0.0.1', port: 1 } })
    const id = uuid('aaaaaaaa-0000-4000-8000-00000000000a')
    const kept: unknown[] = Array.from({ length: HANDLES }, () => db.tenant(id))
    kept.fill(undefined)
    const before = heapUsed()
    for (let index = 0; index < HANDLES; index += 1) kept[index] = db.tenant(id)
    const bytes = (heapUsed() - before) / HANDLES
    expect(kept.length).toBe(HANDLES)
    expect(bytes).toBeGreaterThan(100)
    expect(bytes).toBeLessThan(BYTES_AT_MOST)
  })
})
