import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { ConfigError, createLeasehold, type LeaseholdOptions } from '../../src/index.ts'
import { resolveReplicas } from '../../src/options/resolve-replicas.ts'
import { createRouter } from '../../src/router/index.ts'

const primary = { host: '127.0.0.1' }
const pool = new pg.Pool({ max: 1 })

describe('the option replicas', () => {
  it('gives each its name, its share and its pool, and no router where there is none', () => {
    const { replicas, router } = resolveReplicas({
      primary,
      replicas: [
        { id: 'r1', host: 'one', az: 'a' },
        { id: 'r2', pool, weight: 2 },
      ],
    })
    expect(replicas).toEqual([
      { id: 'r1', az: 'a', weight: 1, target: { config: { host: 'one' } } },
      { id: 'r2', az: undefined, weight: 2, target: { pool } },
    ])
    expect(router).toBeDefined()
    expect(resolveReplicas({ primary, router: createRouter() })).toEqual({ replicas: [], router: undefined })
  })

  it.each<[string, unknown, string]>([
    ['no list', 'r1', 'options.replicas'],
    ['one without an id', [{ host: 'one' }], 'options.replicas[0].id'],
    ['two of one id', [{ id: 'r1' }, { id: 'r1' }], 'an id of its own'],
    ['one that is called primary', [{ id: 'primary' }], 'an id of its own'],
    ['a share of nothing', [{ id: 'r1', weight: 0 }], 'options.replicas[0].weight'],
    ['a zone without a name', [{ id: 'r1', az: 1 }], 'options.replicas[0].az'],
    ['what is no pool', [{ id: 'r1', pool: 1 }], 'options.replicas[0].pool'],
    ['nothing', [null], 'options.replicas[0]'],
  ])('refuses %s', (_what, replicas, path) => {
    const options = { primary, replicas } as unknown as LeaseholdOptions
    expect(() => resolveReplicas(options)).toThrow(ConfigError)
    expect(() => resolveReplicas(options)).toThrow(path)
  })

  it('refuses the pool of the primary, another kind of router, and a router that is in use', () => {
    expect(() => resolveReplicas({ primary: pool, replicas: [{ id: 'r1', pool }] })).toThrow('another pool')
    const router = {} as LeaseholdOptions['router'] & object
    expect(() => resolveReplicas({ primary, router })).toThrow('createRouter()')
    const shared = createRouter()
    createLeasehold({ primary, replicas: [{ id: 'r1' }], router: shared })
    expect(() => createLeasehold({ primary, replicas: [{ id: 'r1' }], router: shared })).toThrow('in use')
  })

  it('asks for the connections of reads that no replica serves, where it cannot make them', () => {
    expect(() => createLeasehold({ primary: pool, replicas: [{ id: 'r1' }] })).toThrow(
      'options.router.shed.pool',
    )
    const router = createRouter({ shed: { pool: primary } })
    expect(() => createLeasehold({ primary: pool, replicas: [{ id: 'r1' }], router })).not.toThrow()
  })
})
