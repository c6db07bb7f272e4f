import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { LoadLimits } from '../../../src/cache/read/load-limits.ts'
import { type TenantId, uuid } from '../../../src/context/tenant-id.ts'
import { CacheOverloadedError } from '../../../src/errors/cache.ts'

const tenant = (n: number): TenantId => uuid(`00000000-0000-4000-8000-${String(n).padStart(12, '0')}`)

describe('the limits of loads', () => {
  it('are never exceeded, neither of the process nor of a tenant', async () => {
    const limits = new LoadLimits({ perProcess: 5, perTenant: 2, queueMs: 10_000 })
    let running = 0
    let most = 0
    const ofTenant = new Map<number, number>()
    let mostOfTenant = 0
    const loads = Array.from({ length: 200 }, (_, index) => {
      const id = index % 3
      return limits.run(tenant(id), async () => {
        running += 1
        ofTenant.set(id, (ofTenant.get(id) ?? 0) + 1)
        most = Math.max(most, running)
        mostOfTenant = Math.max(mostOfTenant, ofTenant.get(id) ?? 0)
        await sleep(1)
        running -= 1
        ofTenant.set(id, (ofTenant.get(id) ?? 0) - 1)
        return index
      })
    })
    expect(await Promise.all(loads)).toHaveLength(200)
    expect([most, mostOfTenant]).toEqual([5, 2])
    await sleep(5)
    expect([limits.running, limits.waiting]).toEqual([0, 0])
  })

  it('let others through where one tenant waits', async () => {
    const limits = new LoadLimits({ perProcess: 4, perTenant: 2, queueMs: 10_000 })
    const busy = Array.from({ length: 100 }, () => limits.run(tenant(1), () => sleep(20)))
    const startedAt = performance.now()
    await limits.run(tenant(2), async () => {})
    expect(performance.now() - startedAt).toBeLessThan(200)
    await Promise.all(busy)
  })

  it('refuse a load whose turn does not come in time, and never start it', async () => {
    const limits = new LoadLimits({ perProcess: 1, perTenant: 1, queueMs: 30 })
    let isStarted = false
    const slow = limits.run(tenant(1), () => sleep(100))
    const late = limits.run(tenant(2), async () => {
      isStarted = true
    })
    await expect(late).rejects.toBeInstanceOf(CacheOverloadedError)
    await slow
    await sleep(10)
    expect(isStarted).toBe(false)
  })

  it('give what a load throws to its caller, and go on', async () => {
    const limits = new LoadLimits({ perProcess: 1, perTenant: 1, queueMs: 1_000 })
    await expect(limits.run(tenant(1), () => Promise.reject(new Error('mine')))).rejects.toThrow('mine')
    expect(await limits.run(tenant(1), async () => 1)).toBe(1)
  })
})
