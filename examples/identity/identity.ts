import type { SeededAccount } from '@clinic/schema/seed'
import fastify, { type FastifyInstance } from 'fastify'
import { SignJWT } from 'jose'
import { z } from 'zod'
import { Accounts, claimsOf } from './accounts.ts'
import { Attempts } from './attempts.ts'
import { type IssuerKey, makeIssuerKey } from './issuer-keys.ts'
import { Password } from './password.ts'

/** What the stand-in is told. */
export interface IdentityOptions {
  /** What issuers begin with: the address under which services reach it. */
  readonly url: string
  readonly password: string
  readonly accounts: readonly SeededAccount[]
}

const TOKEN_S = 3_600
const credentials = z.object({ email: z.string().max(254), password: z.string().max(256) })

/**
 * Makes the stand-in: an issuer for each organisation that the accounts name, each with a key of its own.
 *
 * - `POST /issuers/:issuer/token` with `{ email, password }` answers `{ access_token, token_type, expires_in }`, or 401; and 429 to
 *   the eleventh guess within a quarter of an hour
 * - `GET /issuers/:issuer/.well-known/jwks.json` and `/.well-known/openid-configuration`
 */
export async function createIdentity({ url, password, accounts }: IdentityOptions): Promise<FastifyInstance> {
  const base = url.replace(/\/$/, '')
  const names = [...new Set(accounts.map(({ issuer }) => issuer))]
  const keys = new Map<string, IssuerKey>()
  for (const name of names) keys.set(name, await makeIssuerKey())
  const known = new Accounts(accounts)
  const secret = new Password(password)
  const attempts = new Attempts()

  const app = fastify({ logger: false, bodyLimit: 4 * 1024 })
  app.get('/healthz', () => ({ ok: true }))
  app.get('/readyz', () => ({ ok: true, issuers: names.map((name) => `${base}/issuers/${name}`) }))

  app.get<{ Params: { issuer: string } }>('/issuers/:issuer/.well-known/jwks.json', (request, reply) => {
    const key = keys.get(request.params.issuer)
    if (!key) return reply.callNotFound()
    return reply.header('cache-control', 'public, max-age=300').send(key.jwks)
  })
  app.get<{ Params: { issuer: string } }>(
    '/issuers/:issuer/.well-known/openid-configuration',
    (request, reply) => {
      const issuer = `${base}/issuers/${request.params.issuer}`
      if (!keys.has(request.params.issuer)) return reply.callNotFound()
      return reply.send({
        issuer,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/.well-known/jwks.json`,
        id_token_signing_alg_values_supported: ['ES256'],
      })
    },
  )

  app.post<{ Params: { issuer: string } }>('/issuers/:issuer/token', async (request, reply) => {
    const { issuer } = request.params
    const key = keys.get(issuer)
    if (!key) return reply.callNotFound()
    const given = credentials.safeParse(request.body)
    if (!given.success) return reply.code(400).send({ error: 'invalid_request' })
    const address = `${issuer}\n${given.data.email.trim().toLowerCase()}`
    const retryAfter = attempts.begin(address, performance.now())
    if (retryAfter !== undefined) {
      return reply.code(429).header('retry-after', retryAfter).send({ error: 'slow_down' })
    }
    const account = known.find(issuer, given.data.email)
    // The password is always worked out: an unknown address must not be answered sooner.
    const matches = await secret.matches(given.data.password)
    if (!account || !matches) return reply.code(401).send({ error: 'invalid_grant' })
    attempts.succeeded(address)
    const token = await new SignJWT({ ...claimsOf(account, `${base}/issuers/${issuer}`) })
      .setProtectedHeader({ alg: 'ES256', kid: key.kid, typ: 'at+jwt' })
      .setIssuedAt()
      .setExpirationTime(`${TOKEN_S}s`)
      .sign(key.privateKey)
    return reply
      .header('cache-control', 'no-store')
      .send({ access_token: token, token_type: 'Bearer', expires_in: TOKEN_S })
  })
  return app
}
