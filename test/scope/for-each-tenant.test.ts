import { setImmediate, setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { bigint, parseTenantId, type TenantId } from '../../src/context/tenant-id.ts'
import { ForEachTenantError } from '../../src/errors/for-each.ts'
import { type ForEachRules, forEachTenant } from '../../src/scope/for-each-tenant.ts'

const MANY = 1_000_000

const rulesOf = (rules: Partial<ForEachRules> = {}): ForEachRules => ({
  concurrency: 4,
  stopOnError: false,
  mayStart: () => {},
  parse: (id) => parseTenantId(bigint, id),
  ...rules,
})

function* count(to: number): Generator<number> {
  for (let id = 0; id < to; id += 1) yield id
}

const failureOf = async (work: Promise<void>): Promise<ForEachTenantError> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ForEachTenantError)) throw error ?? new Error('It did not fail.')
  return error
}

describe('work for many tenants', () => {
  it('is done once for each, so many at a time', async () => {
    const done: TenantId[] = []
    let [running, most] = [0, 0]
    await forEachTenant(count(50), rulesOf(), async (id) => {
      running += 1
      most = Math.max(most, running)
      await setTimeout(Number(id) % 3)
      running -= 1
      done.push(id)
    })
    expect(new Set(done).size).toBe(50)
    expect(done).toHaveLength(50)
    expect(most).toBe(4)
  })

  it('takes ids from a source of any kind no sooner than it needs them', async () => {
    let taken = 0
    let finished = 0
    async function* source() {
      for (const id of count(30)) {
        await setImmediate()
        taken += 1
        yield id
      }
    }
    await forEachTenant(source(), rulesOf({ concurrency: 3 }), async () => {
      expect(taken - finished).toBeLessThanOrEqual(4)
      await setTimeout(1)
      finished += 1
    })
    expect(finished).toBe(30)
  })

  it('goes on for the others when some fail, and says which', async () => {
    const done: string[] = []
    const error = await failureOf(
      forEachTenant(['0', '1', 'no id', '3', '4'], rulesOf(), async (id) => {
        if (id === '3') throw new Error('mine')
        done.push(id)
      }),
    )
    expect(done.sort()).toEqual(['0', '1', '4'])
    expect(error).toMatchObject({ succeeded: 3, failed: 2, stopped: false })
    const byIndex = [...error.failures].sort((one, other) => one.index - other.index)
    expect(byIndex).toMatchObject([
      { index: 2, tenantHash: '', cause: { code: 'LSH_ERR_TENANT_INVALID' } },
      { index: 3, tenantHash: '4e07408562be', cause: { message: 'mine' } },
    ])
  })

  it('starts no more after a failure where that is asked for, and lets those end that run', async () => {
    const ended: string[] = []
    const error = await failureOf(
      forEachTenant(count(1_000), rulesOf({ stopOnError: true }), async (id) => {
        if (id === '5') throw new Error('mine')
        await setTimeout(5)
        ended.push(id)
      }),
    )
    expect(error).toMatchObject({ failed: 1, stopped: true, cause: { message: 'mine' } })
    expect(error.succeeded).toBe(ended.length)
    expect(ended.length).toBeLessThan(12)
  })

  it('is stopped by the source of ids, and by what may stop it before each start', async () => {
    const running: string[] = []
    function* broken() {
      yield* count(3)
      throw new Error('the cursor was lost')
    }
    const work = async (id: TenantId) => {
      await setTimeout(3)
      running.push(id)
    }
    await expect(forEachTenant(broken(), rulesOf(), work)).rejects.toThrow('the cursor was lost')
    expect(running).toEqual(['0', '1', '2'])
    let left = 2
    const mayStart = () => {
      left -= 1
      if (left < 0) throw new Error('closed')
    }
    await expect(forEachTenant(count(9), rulesOf({ mayStart }), work)).rejects.toThrow('closed')
    expect(running).toHaveLength(5)
  })

  it(`keeps no more of ${MANY} ids in memory than of a few, also when all fail`, async () => {
    setFlagsFromString('--expose-gc')
    const collectGarbage: () => void = runInNewContext('gc')
    collectGarbage()
    const before = process.memoryUsage().heapUsed
    let most = 0
    const mine = new Error('mine')
    const error = await failureOf(
      forEachTenant(count(MANY), rulesOf({ concurrency: 8 }), async (id) => {
        if (Number(id) % 250_000 === 249_999) {
          collectGarbage()
          most = Math.max(most, process.memoryUsage().heapUsed - before)
        }
        throw mine
      }),
    )
    expect(error.failed).toBe(MANY)
    expect(error.failures).toHaveLength(1_000)
    expect(most).toBeGreaterThan(0)
    expect(most).toBeLessThan(8_000_000)
  }, 60_000)
})
