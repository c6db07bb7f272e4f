import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import { ConfigError } from '../../errors/config.ts'

/** A secret of at least 32 random bytes; of a string the bytes of its UTF-8 form are counted. */
export type TokenKey = string | Uint8Array

/** What is made of one {@link TokenKey}. */
interface DerivedKey {
  /** Names the key in a token. Made of the key itself, so that no two processes can mean different keys by it. */
  readonly kid: number
  /** Signs tokens. */
  readonly seal: KeyObject
  /** Hides in tokens whom they belong to. */
  readonly owner: KeyObject
}

/** Keys ready for use: the first signs, all verify. Never empty. Prints no secret. */
export interface TokenKeys {
  readonly signing: DerivedKey
  readonly all: readonly DerivedKey[]
}

const LEAST_BYTES = 32
/** A verifier looks through them all. */
const MOST_KEYS = 8

/**
 * Prepares keys. To change them without a gap: add the new key at the end everywhere, then move it to the front everywhere,
 * and take the old one away once the time to live is over.
 *
 * @throws {ConfigError} no key, more than 8, one that is too short, or the same one twice
 */
export function createTokenKeys(keys: readonly TokenKey[], path = 'options.router.tokens.keys'): TokenKeys {
  if (!Array.isArray(keys) || keys.length > MOST_KEYS) {
    throw new ConfigError(`${path} must be a list of 1 to ${MOST_KEYS} secrets.`)
  }
  const all = keys.map((key, index) => deriveKey(key, `${path}[${index}]`))
  const [signing] = all
  if (!signing) throw new ConfigError(`${path} must have at least one secret, for example randomBytes(32).`)
  if (new Set(all.map(({ kid }) => kid)).size < all.length) {
    throw new ConfigError(`${path} has the same secret twice. Take one away.`)
  }
  return Object.freeze({ signing, all: Object.freeze(all) })
}

function deriveKey(key: unknown, path: string): DerivedKey {
  const bytes = typeof key === 'string' ? Buffer.from(key, 'utf8') : key
  if (!(bytes instanceof Uint8Array) || bytes.length < LEAST_BYTES) {
    throw new ConfigError(`${path} must be a string or Uint8Array of at least ${LEAST_BYTES} random bytes.`)
  }
  const derive = (purpose: string) =>
    createHmac('sha256', bytes).update(`leasehold token 1 ${purpose}`).digest()
  return Object.freeze({
    kid: derive('kid').readUInt32BE(),
    seal: createSecretKey(derive('seal')),
    owner: createSecretKey(derive('owner')),
  })
}
