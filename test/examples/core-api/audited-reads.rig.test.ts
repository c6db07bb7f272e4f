import { uuid } from 'leasehold'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readChart } from '../../../examples/schema/read-chart.ts'
import { ANNA, MIRA } from '../../../examples/schema/seed/cast.ts'
import { SONNENHOF } from '../../../examples/schema/seed/platform-clinics.ts'
import { miraAt } from '../../../examples/schema/seed/seed-mira.ts'
import { type RunningCoreApi, startCoreApi } from '../support/start-core-api.ts'

const CHART = miraAt(SONNENHOF)
const PATIENT = `/v1/clinics/sonnenhof/patients/${CHART}`

let resources: AsyncDisposableStack
let api: RunningCoreApi
let anna: string

beforeAll(async () => {
  resources = new AsyncDisposableStack()
  api = await startCoreApi(resources, { standbys: 1, redis: false })
  anna = await api.signIn(ANNA)
})
afterAll(() => resources?.disposeAsync())

/** What has been logged while something was done, in the order of the ids that it is about. */
async function loggedBy(work: () => Promise<unknown>) {
  await api.admin.query('truncate audit_log')
  await work()
  const { rows } = await api.admin.query(
    'select tenant_id, actor, action, record_id from audit_log order by action, record_id',
  )
  return rows as readonly { tenant_id: string; actor: string; action: string; record_id: string }[]
}

const entryOf = (actor: string, record_id: string) => ({
  tenant_id: SONNENHOF.tenantId,
  actor,
  action: 'read',
  record_id,
})

async function idsOf(chart: string): Promise<readonly string[]> {
  const { rows } = await api.admin.query('select id from clinical_records where patient_id = $1', [chart])
  return rows.map(({ id }) => id)
}

describe('a chart that is read', () => {
  it.each([
    ['its records', `${PATIENT}/records`],
    ['a letter', `${PATIENT}/letter`],
  ])('is logged with each of its entries, in the name of who is signed in: %s', async (_, path) => {
    const logged = await loggedBy(async () => expect((await api.call(anna, 'GET', path)).status).toBe(200))
    const expected = [CHART, ...(await idsOf(CHART))].toSorted().map((id) => entryOf(ANNA.userId, id))
    expect(expected).toHaveLength(3)
    expect(logged).toEqual(expected)
  })

  it('is logged when it is the own, too', async () => {
    const mira = await api.signIn(MIRA)
    const logged = await loggedBy(() => api.call(mira, 'GET', '/v1/me/clinics/sonnenhof/overview'))
    expect(logged).toEqual([CHART, ...(await idsOf(CHART))].toSorted().map((id) => entryOf(MIRA.userId, id)))
  })

  it('is logged when it is empty', async () => {
    const created = await api.call(anna, 'POST', '/v1/clinics/sonnenhof/patients', {
      body: { givenName: 'Nele', familyName: 'Neu', birthDate: '1999-09-09' },
    })
    const logged = await loggedBy(() =>
      api.call(anna, 'GET', `/v1/clinics/sonnenhof/patients/${created.body.id}/records`),
    )
    expect(logged).toEqual([entryOf(ANNA.userId, String(created.body.id))])
  })

  it('is not logged when there is none to be read', async () => {
    const foreign = '/v1/clinics/sonnenhof/patients/00000000-0000-4000-8000-000000000000/records'
    const logged = await loggedBy(async () => expect((await api.call(anna, 'GET', foreign)).status).toBe(404))
    expect(logged).toEqual([])
  })

  it('goes to the primary, in a GET whose other reads go to a replica', async () => {
    const routes = () => ({ ...api.metrics.snapshot().routes })
    await api.call(anna, 'GET', PATIENT)
    const before = routes()
    await api.call(anna, 'GET', PATIENT)
    await api.call(anna, 'GET', `${PATIENT}/records`)
    const after = routes()
    expect((after.replica ?? 0) - (before.replica ?? 0)).toBe(1)
    expect((after.write ?? 0) - (before.write ?? 0)).toBe(1)
  })

  it('is not handed out where its reading cannot be logged', async () => {
    await api.admin.query('revoke insert on audit_log from app')
    try {
      for (const path of [`${PATIENT}/records`, `${PATIENT}/letter`]) {
        const { status, body } = await api.call(anna, 'GET', path)
        expect(status).toBe(403)
        expect(JSON.stringify(body)).not.toMatch(/fever|Cetirizine/)
      }
    } finally {
      await api.admin.query('grant insert on audit_log to app')
    }
  })

  it('is not handed out to a session that does not say who reads', async () => {
    const nobody = { 'app.person_id': 'any', 'app.user_id': '' }
    const read = readChart(api.wiring.db.tenant(uuid(SONNENHOF.tenantId), { settings: nobody }), CHART)
    await expect(read).rejects.toMatchObject({ code: '42501' })
  })
})

describe('an entry that is added', () => {
  it('is logged with it, and neither is there without the other', async () => {
    const add = () =>
      api.call(anna, 'POST', `${PATIENT}/records`, { body: { kind: 'note', body: 'Seen today.' } })
    let id = ''
    const logged = await loggedBy(async () => {
      id = String((await add()).body.id)
    })
    expect(logged).toEqual([{ ...entryOf(ANNA.userId, id), action: 'write' }])

    const before = await idsOf(CHART)
    await api.admin.query('revoke insert on audit_log from app')
    try {
      expect((await add()).status).toBe(403)
    } finally {
      await api.admin.query('grant insert on audit_log to app')
    }
    expect(await idsOf(CHART)).toEqual(before)
  })

  it('can be read at once, though the replica is behind', async () => {
    const standby = api.rig.standbys[0]
    if (!standby) throw new Error('The rig has a standby.')
    const client = new Client({ connectionString: standby.adminUrl() })
    await client.connect()
    await client.query('select pg_wal_replay_pause()')
    try {
      const body = { givenName: 'Frida', familyName: 'Frisch', birthDate: '1980-01-02' }
      const created = await api.call(anna, 'POST', '/v1/clinics/sonnenhof/patients', { body })
      const token = created.headers.get('leasehold-token') ?? ''
      expect(token).not.toBe('')
      const path = `/v1/clinics/sonnenhof/patients/${created.body.id}`
      expect((await api.call(anna, 'GET', path, { headers: { 'leasehold-token': token } })).status).toBe(200)
      // What the replica would have said: without the token nobody has promised more.
      expect((await api.call(anna, 'GET', path)).status).toBe(404)
    } finally {
      await client.query('select pg_wal_replay_resume()')
      await client.end()
    }
  })
})
