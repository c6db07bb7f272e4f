import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Leasehold } from '../../src/index.ts'
import type { Router } from '../../src/router/index.ts'
import type { Rig } from '../../src/testing/rig/rig.ts'
import { TENANT_A, TENANT_B } from '../support/notes.ts'
import { openFleet, startNotesRig } from './support/fleet.ts'

const SERVER = 'select pg_is_in_recovery() as standby, count(*)::int as notes from notes'

describe('where work goes', () => {
  let rig: Rig
  let db: Leasehold
  let router: Router

  beforeAll(async () => {
    rig = await startNotesRig()
    ;({ db, router } = openFleet(rig))
  })
  afterAll(async () => {
    await db.close()
    await rig.stop()
  })

  it('is a replica for what reads in the scope of a GET, in turn', async () => {
    const routes = await db.run({ tenant: TENANT_A, method: 'GET' }, async () => {
      const targets: (string | undefined)[] = []
      for (let n = 0; n < 6; n++) {
        const { rows, route } = await db.current().query(SERVER)
        expect(rows).toEqual([{ standby: true, notes: 0 }])
        targets.push(route?.target)
      }
      return targets
    })
    expect(routes.toSorted()).toEqual(['r1', 'r1', 'r1', 'r2', 'r2', 'r2'])
  })

  it('is the primary for what writes, and a replica that has it for what reads it back', async () => {
    await db.run({ tenant: TENANT_A, method: 'POST' }, async () => {
      const { route } = await db.current().query(`insert into notes (body) values ('x')`)
      expect(route).toMatchObject({ target: 'primary', reason: 'write' })
      const read = await db.current({ route: 'replica' }).query(SERVER)
      expect(read.rows).toEqual([{ standby: true, notes: 1 }])
    })
    const other = await db.tenant(TENANT_B, { route: 'replica' }).query(SERVER)
    expect(other.rows).toEqual([{ standby: true, notes: 0 }])
  })

  it('counts a reason for each', async () => {
    const { routed, reasons } = router.snapshot()
    expect(Object.values(reasons).reduce((sum, count) => sum + count, 0)).toBe(routed)
  })
})
