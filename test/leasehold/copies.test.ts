import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createCache } from '../../src/cache/index.ts'
import { createLeasehold, LeaseholdError, withTenant } from '../../src/index.ts'
import { createRouter } from '../../src/router/index.ts'
import { isolationSubject } from '../../src/testing/matchers/isolation-subject.ts'
import { TENANT_A, TENANT_B } from '../support/notes.ts'

const primary = { host: '127.0.0.1', port: 1, user: 'app', database: 'app', password: 'x' }
const COPY = /another copy of leasehold/

/** A bundle beside the installed package, or two versions of it, are two copies in one process. */
describe('what another copy of the library has made', () => {
  let other: typeof import('../../src/index.ts')
  let otherRouter: typeof import('../../src/router/index.ts')

  beforeAll(async () => {
    vi.resetModules()
    other = await import('../../src/index.ts')
    otherRouter = await import('../../src/router/index.ts')
    vi.stubEnv('PGHOST', '127.0.0.1')
    vi.stubEnv('PGPORT', '1')
  })

  afterAll(() => vi.unstubAllEnvs())

  it('is of other classes', () => {
    expect(other.LeaseholdError).not.toBe(LeaseholdError)
    expect(otherRouter.createRouter()).not.toBeInstanceOf(createRouter().constructor)
  })

  it('runs what withTenant is given, and is not taken for the configuration of a pool', async () => {
    const db = other.createLeasehold({ primary })
    await db.close()
    const work = withTenant(db, other.uuid(TENANT_A), async () => 'ran')
    await expect(work).rejects.toMatchObject({ name: 'ClosedError' })
    await expect(work).rejects.toBeInstanceOf(other.ClosedError)
  })

  it('is no pool, nor is what this copy has made', () => {
    for (const db of [other.createLeasehold({ primary }), createLeasehold({ primary })]) {
      const options = { primary: db } as unknown as Parameters<typeof createLeasehold>[0]
      expect(() => createLeasehold(options)).toThrow('options.primary is what createLeasehold gave')
    }
  })

  it('routes nothing here, and is called by its name', () => {
    const router = otherRouter.createRouter()
    expect(() => createLeasehold({ primary, replicas: [{ id: 'r1' }], router })).toThrow(COPY)
  })

  it('has no cache here, and is not judged here', async () => {
    const db = other.createLeasehold({ primary })
    await expect(createCache({ db } as unknown as Parameters<typeof createCache>[0])).rejects.toThrow(COPY)
    expect(() => isolationSubject(db, { tenants: [TENANT_A, TENANT_B] })).toThrow(COPY)
  })
})
