import { createLocalJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createIdentity } from '../../../examples/identity/identity.ts'
import { ANNA, GRETA, MIRA, OPS, seededAccounts } from '../../../examples/schema/seed/cast.ts'
import { BERG, SONNENHOF } from '../../../examples/schema/seed/platform-clinics.ts'

const URL_ = 'http://id.platform.localhost:8080'
const PASSWORD = 'correct horse'

let app: Awaited<ReturnType<typeof createIdentity>>
beforeAll(async () => {
  app = await createIdentity({ url: `${URL_}/`, password: PASSWORD, accounts: seededAccounts(6) })
})
afterAll(() => app?.close())

async function signIn(issuer: string, email: string, password = PASSWORD) {
  const response = await app.inject({
    method: 'POST',
    url: `/issuers/${issuer}/token`,
    payload: { email, password },
  })
  return { status: response.statusCode, body: response.json() }
}

async function claims(issuer: string, email: string) {
  const { body } = await signIn(issuer, email)
  const keys = createLocalJWKSet((await app.inject(`/issuers/${issuer}/.well-known/jwks.json`)).json())
  return (await jwtVerify(body.access_token, keys, { algorithms: ['ES256'] })).payload
}

describe('an account', () => {
  it('is given a token of one hour by its own issuer', async () => {
    const payload = await claims('shared', ANNA.email)
    expect(payload).toMatchObject({
      iss: `${URL_}/issuers/shared`,
      aud: 'clinic-platform',
      sub: ANNA.userId,
      role: 'staff',
      tenant: SONNENHOF.tenantId,
    })
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3_600)
    expect(await claims('berg', GRETA.email)).toMatchObject({
      iss: `${URL_}/issuers/berg`,
      tenant: BERG.tenantId,
    })
    expect(await claims('shared', MIRA.email)).toMatchObject({
      role: 'patient',
      person: MIRA.personId,
      clinics: MIRA.clinics,
    })
    const operator = await claims('shared', OPS.email)
    expect(operator).toMatchObject({ role: 'operator' })
    expect(operator).not.toHaveProperty('tenant')
  })

  it('is not known to another issuer, nor by another password, and both answers are the same', async () => {
    const refused = { status: 401, body: { error: 'invalid_grant' } }
    expect(await signIn('berg', ANNA.email)).toEqual(refused)
    expect(await signIn('shared', GRETA.email)).toEqual(refused)
    expect(await signIn('shared', ANNA.email, 'wrong')).toEqual(refused)
    expect(await signIn('shared', 'nobody@sonnenhof.example')).toEqual(refused)
  })

  it('is not guessed at for long, many times at once neither, and others sign in meanwhile', async () => {
    const guesses = Array.from({ length: 25 }, () => signIn('shared', MIRA.email, 'wrong'))
    const statuses = (await Promise.all(guesses)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 401)).toHaveLength(10)
    expect(statuses.filter((status) => status === 429)).toHaveLength(15)
    expect((await signIn('shared', ` ${MIRA.email.toUpperCase()}`)).status).toBe(429)
    expect((await signIn('shared', ANNA.email)).status).toBe(200)
  })

  it('is there for the reception of every further clinic', async () => {
    expect(await claims('shared', 'reception@lindenhof.example')).toMatchObject({ role: 'staff' })
  })
})

describe('an issuer', () => {
  it('has a key of its own, and shows no private part of it', async () => {
    const [shared, berg] = await Promise.all(
      ['shared', 'berg'].map(async (name) =>
        (await app.inject(`/issuers/${name}/.well-known/jwks.json`)).json(),
      ),
    )
    expect(shared.keys[0].kid).not.toBe(berg.keys[0].kid)
    expect(Object.keys(shared.keys[0])).not.toContain('d')
    expect((await app.inject('/issuers/none/.well-known/jwks.json')).statusCode).toBe(404)
  })
})
