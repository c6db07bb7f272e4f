import { describe, expect, it } from 'vitest'
import { SERVICES, type ServiceName, serviceSpec } from '../../examples/platform/services.ts'
import { startPlatform } from '../../examples/platform/start-platform.ts'

const WITH_A_DATABASE: readonly ServiceName[] = ['core-api', 'clinic']
const WITH_REPLICAS: readonly ServiceName[] = ['core-api', 'clinic']

describe('from phase 1 to phase 2', () => {
  it('only the replicas that services are told of change, and a label', async () => {
    // Servers only: what services are told is made of where those listen.
    await using one = await startPlatform({ phase: 1, services: [] })
    await using two = await startPlatform({ phase: 2, services: [] })
    for (const name of SERVICES) {
      // The same everything but the phase's servers, so that what differs is the phase's doing.
      const facts = { ports: portsOf(), secrets: one.secrets, clinics: 10, renderMs: 0, poolMax: 2 }
      const before = serviceSpec(name, { ...facts, phase: 1, topology: one.topology })
      const after = serviceSpec(name, {
        ...facts,
        phase: 2,
        topology: { ...one.topology, replicas: two.topology.replicas },
      })
      expect(after.args).toEqual(before.args)
      const changed = Object.keys(after.env).filter(
        (variable) => after.env[variable] !== before.env[variable],
      )
      expect(changed).toEqual(
        WITH_REPLICAS.includes(name) ? ['PLATFORM_PHASE', 'REPLICA_URLS'] : ['PLATFORM_PHASE'],
      )
      if (WITH_A_DATABASE.includes(name)) expect(before.env.REPLICA_URLS).toBe('')
    }
  })

  it('phase 1 serves its load from one database', async () => {
    await using platform = await startPlatform({ phase: 1, services: ['identity', 'core-api'] })
    await using load = await platform.startLoad({ shape: 'realistic', perSecond: 60 })
    await new Promise((resolve) => setTimeout(resolve, 5_000))
    const { figures, rows } = await load.stop()
    expect(figures.requests).toBeGreaterThan(30)
    expect(figures).toMatchObject({ errors: 0, refused: 0, staleReads: 0 })
    expect(rows.foreign).toBe(0)
  })
})

function portsOf(): Readonly<Record<ServiceName, number>> {
  return Object.fromEntries(SERVICES.map((name, at) => [name, 20_000 + at])) as Record<ServiceName, number>
}
