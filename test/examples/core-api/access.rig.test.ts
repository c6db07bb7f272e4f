import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ANNA, GRETA, LIAM, MIRA, OPS, type SeededAccount } from '../../../examples/schema/seed/cast.ts'
import { BERG, LAKESIDE, SONNENHOF } from '../../../examples/schema/seed/platform-clinics.ts'
import { miraAt } from '../../../examples/schema/seed/seed-mira.ts'
import { METRICS_TOKEN, type RunningCoreApi, startCoreApi } from '../support/start-core-api.ts'

/** Who has the key of an issuer can write into a token what they like: here, the clinics of the other one. */
const FORGERS: readonly SeededAccount[] = [
  { ...GRETA, email: 'staff@forged.example', tenantId: SONNENHOF.tenantId },
  { ...MIRA, email: 'patient@forged.example', issuer: BERG.issuer },
  { ...ANNA, email: 'staff@forged.example', tenantId: BERG.tenantId },
  { ...MIRA, email: 'patient@forged.example', clinics: [BERG.tenantId] },
]

let resources: AsyncDisposableStack
let api: RunningCoreApi
const tokens = { anna: '', liam: '', greta: '', mira: '', ops: '' }

beforeAll(async () => {
  resources = new AsyncDisposableStack()
  api = await startCoreApi(resources, { standbys: 0, redis: true, accounts: [...FORGERS] })
  for (const [name, account] of Object.entries({
    anna: ANNA,
    liam: LIAM,
    greta: GRETA,
    mira: MIRA,
    ops: OPS,
  })) {
    tokens[name as keyof typeof tokens] = await api.signIn(account)
  }
})
afterAll(() => resources?.disposeAsync())

/** Every address with a clinic in it, by method. */
function addresses(
  slug: string,
  patient: string,
): readonly (readonly [method: string, path: string, body?: unknown])[] {
  const clinic = `/v1/clinics/${slug}`
  const birth = { givenName: 'A', familyName: 'B', birthDate: '2000-01-01' }
  return [
    ['GET', `${clinic}/patients`],
    ['GET', `${clinic}/patients/${patient}`],
    ['GET', `${clinic}/patients/${patient}/records`],
    ['GET', `${clinic}/patients/${patient}/letter`],
    ['GET', `${clinic}/appointments`],
    ['GET', `${clinic}/summary`],
    ['GET', `/v1/me/clinics/${slug}/overview`],
    ['POST', `${clinic}/patients`, birth],
    ['POST', `${clinic}/patients/${patient}/records`, { kind: 'note', body: 'x' }],
    ['POST', `${clinic}/appointments`, { patientId: patient, startsAt: '2026-12-01T10:00:00Z' }],
    ['PATCH', `${clinic}/appointments/${patient}`, { status: 'done' }],
  ]
}

async function countRows(): Promise<unknown> {
  const { rows } = await api.admin.query(`select
    (select count(*) from patients) as patients, (select count(*) from clinical_records) as records,
    (select count(*) from appointments) as appointments, (select count(*) from audit_log) as log`)
  return rows
}

describe('whoever is not of a clinic', () => {
  it.each([
    ['staff of another clinic', 'liam', SONNENHOF],
    ['staff of a clinic of shared tenancy, at the dedicated one', 'anna', BERG],
    ['staff of the dedicated clinic, at a shared one', 'greta', SONNENHOF],
    ['a patient, at the dedicated clinic', 'mira', BERG],
    ['an operator', 'ops', LAKESIDE],
  ] as const)('is refused at every address: %s', async (_, who, { slug }) => {
    const before = await countRows()
    for (const [method, path, body] of addresses(slug, miraAt(SONNENHOF))) {
      const { status } = await api.call(tokens[who], method, path, { body })
      expect([method, path, status]).toEqual([method, path, 403])
    }
    expect(await countRows()).toEqual(before)
  })

  it.each(FORGERS.map((forger) => [forger.role, forger.issuer, forger] as const))(
    'is refused whatever another issuer says of them: %s by the issuer %s',
    async (_role, issuer, forger) => {
      const token = await api.signIn(forger)
      const { slug } = issuer === 'berg' ? SONNENHOF : BERG
      for (const [method, path, body] of addresses(slug, miraAt(SONNENHOF))) {
        const { status, body: said } = await api.call(token, method, path, { body })
        expect([method, path, status, said.title]).toEqual([
          method,
          path,
          403,
          'Users of this clinic sign in elsewhere.',
        ])
      }
      if (forger.role === 'patient') {
        expect((await api.call(token, 'GET', '/v1/me/clinics')).body).toEqual({ clinics: [] })
      }
    },
  )

  it('is asked to sign in first, by every address', async () => {
    for (const [method, path, body] of addresses('sonnenhof', miraAt(SONNENHOF))) {
      const { status, headers } = await api.call('', method, path, { body })
      expect([method, path, status]).toEqual([method, path, 401])
      expect(headers.get('www-authenticate')).toBe('Bearer')
    }
  })

  it('finds nothing by the ids of another clinic', async () => {
    const clinic = '/v1/clinics/lakeside'
    const foreign = miraAt(SONNENHOF)
    const asked = [
      await api.call(tokens.liam, 'GET', `${clinic}/patients/${foreign}`),
      await api.call(tokens.liam, 'GET', `${clinic}/patients/${foreign}/records`),
      await api.call(tokens.liam, 'GET', `${clinic}/patients/${foreign}/letter`),
      await api.call(tokens.liam, 'POST', `${clinic}/patients/${foreign}/records`, {
        body: { kind: 'note', body: 'x' },
      }),
      await api.call(tokens.liam, 'POST', `${clinic}/appointments`, {
        body: { patientId: foreign, startsAt: '2026-12-01T10:00:00Z' },
      }),
    ]
    expect(asked.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404])
    const said = JSON.stringify(asked.map(({ body }) => body))
    expect(said).not.toContain(foreign)
    expect(said).not.toMatch(/Vogel|violates|constraint/)
  })
})

describe('a patient', () => {
  it('is shown both of their clinics, and at each what it has written', async () => {
    const { body } = await api.call(tokens.mira, 'GET', '/v1/me/clinics')
    expect(body.clinics).toMatchObject([{ slug: 'lakeside' }, { slug: 'sonnenhof' }])
    const here = await api.call(tokens.mira, 'GET', '/v1/me/clinics/sonnenhof/overview')
    const there = await api.call(tokens.mira, 'GET', '/v1/me/clinics/lakeside/overview')
    expect(here.body).toMatchObject({ patientId: miraAt(SONNENHOF) })
    expect(there.body).toMatchObject({ patientId: miraAt(LAKESIDE) })
    expect([JSON.stringify(here.body), JSON.stringify(there.body)]).toEqual([
      expect.stringMatching(/Hay fever(?!.*Knee pain)/),
      expect.stringMatching(/Knee pain(?!.*Hay fever)/),
    ])
  })

  it('is refused what staff do, at their own clinic too', async () => {
    const own = ['POST /v1/clinics/sonnenhof/appointments', `GET /v1/me/clinics/sonnenhof/overview`]
    for (const [method, path, body] of addresses('sonnenhof', miraAt(SONNENHOF))) {
      if (own.includes(`${method} ${path}`) || method === 'PATCH') continue
      const { status } = await api.call(tokens.mira, method, path, { body })
      expect([method, path, status]).toEqual([method, path, 403])
    }
  })

  it('is who the addresses of patients are for, and no staff', async () => {
    for (const path of ['/v1/me/clinics', '/v1/me/clinics/sonnenhof/overview']) {
      expect((await api.call(tokens.anna, 'GET', path)).status).toBe(403)
    }
  })

  it('books for themselves, cancels, and does nothing to the appointments of others', async () => {
    const book = (patientId: string) =>
      api.call(tokens.mira, 'POST', '/v1/clinics/sonnenhof/appointments', {
        body: { patientId, startsAt: '2026-12-03T09:00:00+01:00', minutes: 20 },
      })
    const change = (id: unknown, status: string) =>
      api.call(tokens.mira, 'PATCH', `/v1/clinics/sonnenhof/appointments/${id}`, { body: { status } })
    const booked = await book(miraAt(SONNENHOF))
    expect(booked.status).toBe(201)
    expect((await change(booked.body.id, 'done')).status).toBe(403)
    expect(await change(booked.body.id, 'cancelled')).toMatchObject({
      status: 200,
      body: { status: 'cancelled' },
    })
    expect((await change(booked.body.id, 'booked')).status).toBe(404)

    const { rows } = await api.admin.query(
      "select id, patient_id from appointments where tenant_id = $1 and patient_id <> $2 and status = 'booked' limit 1",
      [SONNENHOF.tenantId, miraAt(SONNENHOF)],
    )
    expect((await change(rows[0].id, 'cancelled')).status).toBe(404)
    expect((await book(rows[0].patient_id)).status).toBe(403)
  })
})

describe('what the service says of itself', () => {
  it('is for whoever has the token of the metrics', async () => {
    expect((await api.call('', 'GET', '/internal/metrics')).status).toBe(401)
    expect((await api.call(tokens.ops, 'GET', '/internal/metrics')).status).toBe(401)
    const { status, body } = await api.call(METRICS_TOKEN, 'GET', '/internal/metrics')
    expect(status).toBe(200)
    expect(body).toMatchObject({ service: 'core-api', alarms: 0, pools: [{ name: 'primary', capacity: 2 }] })
    expect(JSON.stringify(body)).not.toMatch(new RegExp(`${SONNENHOF.tenantId}|Vogel`))
  })

  it('has every address in its OpenAPI document', async () => {
    const { body } = await api.call('', 'GET', '/openapi.json')
    const { paths } = body as { paths: Record<string, Record<string, unknown>> }
    const said = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    const asked = addresses('{slug}', '{id}').map(([method, path]) => `${method} ${path}`)
    expect(said.toSorted()).toEqual([...asked, 'GET /v1/me/clinics'].toSorted())
  })

  it('tells caches of no answer that they may keep it, of no error either', async () => {
    const answers = [
      await api.call(tokens.anna, 'GET', '/v1/clinics/sonnenhof/patients'),
      await api.call(tokens.mira, 'GET', '/v1/me/clinics'),
      await api.call(tokens.liam, 'GET', '/v1/clinics/sonnenhof/patients'),
      await api.call('', 'GET', '/v1/me/clinics'),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 403, 401])
    for (const { headers } of answers) expect(headers.get('cache-control')).toBe('private, no-store')
  })

  it('takes what PostgreSQL cannot read for a bad request, and not for a fault of its own', async () => {
    const cursor = Buffer.from(JSON.stringify(['a', 'b', 'no-id'])).toString('base64url')
    const clinic = '/v1/clinics/sonnenhof'
    const answers = [
      await api.call(tokens.anna, 'GET', `${clinic}/patients?after=${cursor}`),
      await api.call(tokens.anna, 'GET', `${clinic}/patients?search=%00`),
      await api.call(tokens.anna, 'GET', `${clinic}/patients/no-id/letter`),
      await api.call(tokens.anna, 'GET', `${clinic}/appointments?day=0000-01-01`),
    ]
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400])
    expect(JSON.stringify(answers.map(({ body }) => body))).not.toMatch(/no-id|0000|0x00/)
  })

  it('answers what it does not know as a problem, and repeats nothing of it', async () => {
    const answers = [
      await api.call(tokens.anna, 'GET', '/v1/clinics/nowhere/patients'),
      await api.call(tokens.anna, 'GET', '/v1/clinics/sonnenhof/patients/not-an-id'),
      await api.call(tokens.anna, 'GET', '/v1/clinics/sonnenhof/patients?after=not-a-page'),
      await api.call(tokens.anna, 'GET', '/v2'),
    ]
    expect(answers.map(({ status }) => status)).toEqual([404, 400, 400, 404])
    for (const { headers, body } of answers) {
      expect(headers.get('content-type')).toMatch('application/problem+json')
      expect(JSON.stringify(body)).not.toMatch('not-')
    }
  })
})
