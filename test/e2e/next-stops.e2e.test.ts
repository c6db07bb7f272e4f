import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { EdgeClient } from '../../examples/platform/load/edge-client.ts'
import { signIn } from '../../examples/platform/load/sign-in.ts'
import { CLINIC_DATABASE } from '../../examples/platform/topology.ts'
import { CLINIC_HOST } from '../../examples/platform/visit.ts'
import { ANNA } from '../../examples/schema/seed/cast.ts'
import { SONNENHOF } from '../../examples/schema/seed/platform-clinics.ts'
import { usePlatform } from './support/use-platform.ts'

const WAITING = `select count(*)::int as waiting from pg_stat_activity where usename = 'app' and wait_event_type = 'Lock'`

describe('the clinic, told to end while it answers', () => {
  const platform = usePlatform({ phase: 1, services: ['identity', 'clinic'] })

  it('answers what it has begun, and closes its pools before it ends', async () => {
    const { edge, secrets, supervisor, topology } = platform()
    using client = new EdgeClient(edge.port)
    const token = await signIn(client, ANNA, secrets.demoPassword)
    const open = () =>
      client.call({ host: CLINIC_HOST(SONNENHOF.slug), path: '/', headers: { cookie: `session=${token}` } })
    expect((await open()).status).toBe(200)

    const admin = new pg.Client(topology.rig.primary.adminUrl(CLINIC_DATABASE))
    await admin.connect()
    try {
      // A page waits for the lock, in the middle of its transaction.
      await admin.query('begin')
      await admin.query('lock table appointments in access exclusive mode')
      const answer = open()
      await expect.poll(async () => (await admin.query(WAITING)).rows[0].waiting).toBeGreaterThan(0)
      const restarted = supervisor.restart('clinic')
      await sleep(500)
      await admin.query('rollback')
      expect((await answer).status).toBe(200)
      await restarted
    } finally {
      await admin.end()
    }
    // Said once the pools are closed, and after nothing else: within 12 s, or the process had been killed.
    expect(await supervisor.logTail('clinic', 60)).toContain('clinic stopped by SIGTERM')
    expect(supervisor.crashes.size).toBe(0)
    expect((await open()).status).toBe(200)
  }, 90_000)
})
