import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { roleGaps } from '../../../src/rls/verify/role-gaps.ts'
import { reportRole } from '../../../src/rls/verify/role-report.ts'
import type { Rig } from '../../../src/testing/rig/rig.ts'
import { startRig } from '../../../src/testing/rig/start-rig.ts'
import { HAS_15 } from '../../support/postgres-15.ts'

describe.skipIf(!HAS_15)('a login role of PostgreSQL 15, where memberships have no options', () => {
  let rig: Rig

  beforeAll(async () => {
    rig = await startRig({ standbys: 0, redis: false, major: 15 })
    const admin = new pg.Client({ connectionString: rig.primary.adminUrl() })
    await admin.connect()
    await admin.query(`create role plain login; create role maker login createrole; create role member login noinherit;
      create role owner; create table notes (tenant_id uuid); alter table notes owner to owner; grant owner to member`)
    await admin.end()
  })
  afterAll(() => rig.stop())

  const causesOf = async (user: string) => {
    const { host, port } = rig.primary
    const client = new pg.Client({ host, port, user, database: 'postgres' })
    await client.connect()
    try {
      return roleGaps(await reportRole(client, 'tenant_id')).map(({ cause }) => cause)
    } finally {
      await client.end()
    }
  }

  it('is accepted when it is nothing but that', async () => {
    expect(await causesOf('plain')).toEqual([])
  })

  it('is refused as a member of an owner, with NOINHERIT too, for it may SET ROLE', async () => {
    expect(await causesOf('member')).toEqual([
      expect.stringContaining('"owner" by membership ("member" -> "owner")'),
    ])
  })

  it('is refused with CREATEROLE, which since PostgreSQL 16 gives no other role', async () => {
    expect(await causesOf('maker')).toEqual([expect.stringContaining('CREATEROLE')])
  })
})
