import fc from 'fast-check'
import type { ConsistencyToken } from '../../../src/router/token/consistency-token.ts'
import { createTokenKeys, type TokenKeys } from '../../../src/router/token/token-keys.ts'
import type { TokenReader } from '../../../src/router/token/verify.ts'
import type { WalPosition } from '../../../src/router/token/wal-position.ts'

export const KEY_ONE = 'one-'.repeat(8)
export const KEY_TWO = 'two-'.repeat(8)
export const KEYS: TokenKeys = createTokenKeys([KEY_ONE])

export const NOW_MS = 1_800_000_000_000
export const TTL_MS = 30_000
export const SKEW_MS = 1_000
export const SYSTEM = '7563528437234823847'

export function at(lsn: bigint, { timeline = 1, systemId = SYSTEM }: Partial<WalPosition> = {}): WalPosition {
  return { systemId, timeline, lsn }
}

export function token(parts: Partial<ConsistencyToken> = {}): ConsistencyToken {
  return { issuedAtMs: NOW_MS, tenant: 'clinic', subject: 'nurse', position: at(0x16_b374_d848n), ...parts }
}

export function reader(parts: Partial<TokenReader> = {}): TokenReader {
  const clock = { nowMs: NOW_MS, ttlMs: TTL_MS, clockSkewMs: SKEW_MS }
  return { tenant: 'clinic', subject: 'nurse', ...clock, ...parts }
}

/** A position of any system, as PostgreSQL could report it. */
export const anyPosition: fc.Arbitrary<WalPosition> = fc.record({
  systemId: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  timeline: fc.integer({ min: 1, max: 0xffff_ffff }),
  lsn: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
})

/** Positions of which many can be compared. */
export const closePosition: fc.Arbitrary<WalPosition> = fc.record({
  systemId: fc.constantFrom('1', '2'),
  timeline: fc.integer({ min: 1, max: 3 }),
  lsn: fc.bigInt({ min: 0n, max: 5n }),
})
