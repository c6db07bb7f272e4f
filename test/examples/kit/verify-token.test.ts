import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyToken } from '../../../examples/kit/token/verify-token.ts'

const STAFF = {
  sub: '00000000-0000-4000-8000-00000000000a',
  name: 'Anna',
  role: 'staff',
  tenant: '00000000-0000-4000-8000-000000000001',
}

let server: Server
let base: string
let asked: string[] = []
const keys = { shared: await generateKeyPair('ES256'), berg: await generateKeyPair('ES256') }
const rsa = await generateKeyPair('RS256')

beforeAll(async () => {
  server = createServer(async (request, response) => {
    asked.push(request.url ?? '')
    const key = keys[(request.url ?? '').split('/')[2] as keyof typeof keys]
    if (!key) return response.writeHead(500).end()
    // An issuer may have keys of other kinds for other clients.
    const other = { ...(await exportJWK(rsa.publicKey)), kid: 'rsa' }
    response.end(JSON.stringify({ keys: [{ ...(await exportJWK(key.publicKey)), kid: 'k' }, other] }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())

const issuer = (name: string) => `${base}/issuers/${name}`
const trusted = () => ({ issuers: [issuer('shared'), issuer('berg'), issuer('down')] })

interface Wanted {
  readonly iss?: string
  readonly aud?: string
  readonly issuedAt?: string
  readonly expires?: string
  readonly key?: CryptoKey
  readonly alg?: string
  readonly kid?: string
  readonly claims?: JWTPayload
}

function sign({
  iss = issuer('shared'),
  aud = 'clinic-platform',
  issuedAt,
  expires = '1h',
  key,
  alg = 'ES256',
  kid = 'k',
  claims = {},
}: Wanted = {}) {
  return new SignJWT({ ...STAFF, ...claims, iss, aud })
    .setProtectedHeader({ alg, kid })
    .setIssuedAt(issuedAt)
    .setExpirationTime(expires)
    .sign(key ?? keys.shared.privateKey)
}

describe('a token', () => {
  it('by a trusted issuer says who somebody is', async () => {
    await expect(verifyToken(await sign(), trusted())).resolves.toEqual({ ...STAFF, iss: issuer('shared') })
    const berg = await sign({ iss: issuer('berg'), key: keys.berg.privateKey })
    await expect(verifyToken(berg, trusted())).resolves.toMatchObject({ iss: issuer('berg') })
  })

  it('by the key of another issuer is refused', async () => {
    const forged = await sign({ iss: issuer('berg'), key: keys.shared.privateKey })
    await expect(verifyToken(forged, trusted())).rejects.toMatchObject({ refusal: 'invalid', status: 401 })
  })

  it('by an issuer that nobody trusts is refused without its being asked for keys', async () => {
    asked = []
    const foreign = await sign({ iss: issuer('elsewhere') })
    await expect(verifyToken(foreign, trusted())).rejects.toMatchObject({ refusal: 'untrusted-issuer' })
    expect(asked).toEqual([])
  })

  it.each([
    ['for somebody else', () => sign({ aud: 'another-platform' })],
    ['whose time is over', () => sign({ issuedAt: '-30m', expires: '-1m' })],
    ['of a day ago, which has a long time yet', () => sign({ issuedAt: '-1d', expires: '10d' })],
    ['signed by another algorithm', () => sign({ alg: 'RS256', kid: 'rsa', key: rsa.privateKey })],
    [
      'not signed',
      () =>
        new UnsecuredJWT({ ...STAFF, iss: issuer('shared'), aud: 'clinic-platform' })
          .setIssuedAt()
          .setExpirationTime('1h')
          .encode(),
    ],
    ['of a role that there is not', () => sign({ claims: { role: 'admin' } })],
    ['of staff without a clinic', () => sign({ claims: { tenant: '' } })],
    ['that is none', () => 'not.a.token'],
  ])('%s is refused', async (_, make) => {
    await expect(verifyToken(await make(), trusted())).rejects.toMatchObject({
      refusal: 'invalid',
      status: 401,
    })
  })

  it('cannot be judged while the issuer does not answer, and that is no fault of the token', async () => {
    const token = await sign({ iss: issuer('down') })
    await expect(verifyToken(token, trusted())).rejects.toMatchObject({
      refusal: 'unreachable-issuer',
      status: 503,
    })
  })
})
