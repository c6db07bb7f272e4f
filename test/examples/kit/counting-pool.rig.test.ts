import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { replicaPoolMetrics } from '../../../examples/kit/metrics/pool-metrics.ts'
import { replicaPools } from '../../../examples/kit/replica-pools.ts'
import { openTarget, type Target } from '../../support/target.ts'

describe('the pool of a replica', () => {
  let target: Target

  beforeAll(async () => {
    target = await openTarget('direct', { poolSize: 2 })
  })

  afterAll(() => target.close())

  it('counts what is asked of it, however it is asked', async () => {
    const { host, port, user, database } = target.poolOptions() as Record<string, string>
    const connectionString = `postgres://${user}@${host}:${port}/${database}`
    const [replica] = replicaPools([{ id: 'r1', connectionString }], 1)
    if (!replica) throw new Error('One was asked for.')
    const { pool } = replica
    await pool.query('select 1')
    const client = await pool.connect()
    client.release(true)
    expect(replicaPoolMetrics(replica)).toMatchObject({ acquired: 2, discarded: 1, failed: 0, timedOut: 0 })
    expect(replicaPoolMetrics(replica).acquireMs).toBeGreaterThan(0)

    const held = await pool.connect()
    await expect(pool.connect()).rejects.toThrow('timeout exceeded')
    await expect(pool.query('select 1')).rejects.toThrow('timeout exceeded')
    held.release()
    expect(replicaPoolMetrics(replica)).toMatchObject({ acquired: 3, timedOut: 2, failed: 0 })
    await pool.end()
    await expect(pool.connect()).rejects.toThrow()
    expect(replicaPoolMetrics(replica).failed).toBe(1)
  })
})
