import { describe, expect, it } from 'vitest'
import { viewTenants } from '../../../examples/console/view/tenants-view.ts'
import { metrics, observation, seen, tenant, unseen } from './observation-builder.ts'

const clinics = seen([
  { tenantHash: 'aaaaaaaaaaaa', name: 'Sonnenhof', isDedicated: false },
  { tenantHash: 'bbbbbbbbbbbb', name: 'Lakeside', isDedicated: false },
  { tenantHash: 'dddddddddddd', name: 'Praxis Berg', isDedicated: true },
])
const of = (...busy: readonly [hash: string, busyMs: number][]) =>
  metrics({ tenants: busy.map(([hash, busyMs]) => tenant({ tenant: hash, busyMs })) })

describe('the busiest clinics', () => {
  it('add up what the services say, and share out the time', () => {
    const services = [
      { name: 'core-api', metrics: seen(of(['aaaaaaaaaaaa', 200], ['bbbbbbbbbbbb', 100])) },
      { name: 'clinic', metrics: seen(of(['bbbbbbbbbbbb', 500])) },
    ]
    const { tenants } = viewTenants(observation({ clinics, services }))
    expect(tenants.map(({ name, busyMs, share }) => [name, busyMs, share])).toEqual([
      ['Lakeside', 600, 0.75],
      ['Sonnenhof', 200, 0.25],
    ])
  })

  it('never name a dedicated tenant, nor count its time', () => {
    const services = [{ name: 'core-api', metrics: seen(of(['aaaaaaaaaaaa', 100], ['dddddddddddd', 900])) }]
    const view = viewTenants(observation({ clinics, services }))
    expect(JSON.stringify(view)).not.toMatch(/Berg|dddddddddddd/)
    expect(view.tenants).toMatchObject([{ name: 'Sonnenhof', share: 1 }])
    expect(view.dedicatedLeftOut).toBe(1)
  })

  it('leave out whom the directory does not know, who may be dedicated', () => {
    const services = [{ name: 'core-api', metrics: seen(of(['eeeeeeeeeeee', 900])) }]
    expect(viewTenants(observation({ clinics, services })).tenants).toEqual([])
  })

  it('are not shown at all while the directory cannot be read', () => {
    const services = [{ name: 'core-api', metrics: seen(of(['aaaaaaaaaaaa', 900])) }]
    const view = viewTenants(observation({ clinics: unseen('The server does not answer'), services }))
    expect(view.tenants).toEqual([])
    expect(view.withheld).toBeTruthy()
  })

  it('call one noisy that takes three times its part, and no quiet one', () => {
    const services = [{ name: 'core-api', metrics: seen(of(['aaaaaaaaaaaa', 100], ['bbbbbbbbbbbb', 100])) }]
    expect(viewTenants(observation({ clinics, services })).tenants.map(({ status }) => status)).toEqual([
      'ok',
      'ok',
    ])
    const hashes = Array.from({ length: 6 }, (_, at) => `${at}`.repeat(12))
    const many = seen(hashes.map((tenantHash) => ({ tenantHash, name: tenantHash, isDedicated: false })))
    const busy = of(...hashes.map((hash, at): [string, number] => [hash, at === 0 ? 900 : 50]))
    const view = viewTenants(
      observation({ clinics: many, services: [{ name: 'core-api', metrics: seen(busy) }] }),
    )
    expect(view.tenants.map(({ status }) => status)).toEqual(['warn', 'ok', 'ok', 'ok', 'ok', 'ok'])
  })
})
