import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'

/** The key of one issuer, made anew at each start. */
export interface IssuerKey {
  readonly kid: string
  readonly privateKey: CryptoKey
  /** What `/.well-known/jwks.json` answers. */
  readonly jwks: { readonly keys: readonly JWK[] }
}

/** Makes a pair of keys for ES256. The private one cannot be taken out of the process. */
export async function makeIssuerKey(): Promise<IssuerKey> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: false })
  const jwk = await exportJWK(publicKey)
  const kid = await calculateJwkThumbprint(jwk)
  return { kid, privateKey, jwks: { keys: [{ ...jwk, kid, alg: 'ES256', use: 'sig' }] } }
}
