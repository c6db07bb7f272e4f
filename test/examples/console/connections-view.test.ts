import { describe, expect, it } from 'vitest'
import { viewBudgets, viewPools } from '../../../examples/console/view/connections-view.ts'
import { metrics, observation, pool, seen, server, unseen } from './observation-builder.ts'

const held = (
  role: string | null,
  state: string | null,
  connections: number,
  longestS: number | null = 0,
) => ({
  ...{ database: 'clinic', role, application: '', state, connections, longestS },
})
const budgetOf = (...connections: ReturnType<typeof held>[]) =>
  viewBudgets(
    observation({
      databases: [
        { name: 'clinic', server: seen(server({ connections })), months: seen([]), findings: seen([]) },
      ],
    }),
  )[0]

describe('connections against the budget', () => {
  it('are counted by role, against what is left when the reserved are taken off', () => {
    const view = budgetOf(held('app', 'active', 3), held('app', 'idle', 1), held('cache_relay', 'idle', 1))
    expect(view).toMatchObject({ used: 5, budget: 97, status: 'ok' })
    expect(view?.roles).toMatchObject([
      { role: 'app', total: 4, active: 3, idle: 1, idleInTransaction: 0 },
      { role: 'cache_relay', total: 1 },
    ])
  })

  it('take in one that has not said yet whose it is', () => {
    const view = budgetOf(held(null, null, 1, null), held('app', 'idle', 1))
    expect(view?.used).toBe(2)
    expect(view?.roles.map(({ role }) => role)).toEqual(['(being let in)', 'app'])
  })

  it.each([
    [67, 'ok'],
    [68, 'warn'],
    [87, 'warn'],
    [88, 'bad'],
  ])('of %i in 97 are %s', (connections, status) => {
    expect(budgetOf(held('app', 'idle', connections))?.status).toBe(status)
  })

  it('name the role that leaves a transaction open', () => {
    const view = budgetOf(held('app', 'idle in transaction (aborted)', 1, 42))
    expect(view).toMatchObject({ status: 'warn', note: 'app leaves a transaction open' })
    expect(view?.roles[0]?.longestInTransactionS).toBe(42)
  })

  it('are unknown, and not 0, where the server does not answer', () => {
    const databases = [
      {
        name: 'clinic',
        server: unseen<never>('The server does not answer'),
        months: seen([]),
        findings: seen([]),
      },
    ]
    expect(viewBudgets(observation({ databases }))).toMatchObject([{ status: 'bad', budget: 0, roles: [] }])
  })
})

describe('pools', () => {
  it('have no mean wait where nothing counts it', () => {
    const pools = [pool({ acquired: 4, acquireMs: 10 }), pool({ name: 'r1', role: 'replica' })]
    const services = [{ name: 'core-api', metrics: seen(metrics({ pools })) }]
    expect(viewPools(observation({ services })).map(({ meanWaitMs }) => meanWaitMs)).toEqual([2.5, undefined])
  })
})
