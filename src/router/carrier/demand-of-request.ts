import { type Demand, demandOf, type PrimaryPosition } from '../token/demand.ts'
import { mergeDemands } from '../token/merge-tokens.ts'
import type { TokenReading } from '../token/token-reading.ts'
import type { StoreReading } from './redis.ts'

/** What the carriers of a request held. */
export interface CarriedTokens {
  /** From a cookie or header; nothing where there was none. */
  readonly sent?: TokenReading | undefined
  /** From the store; nothing where none is used. */
  readonly stored?: StoreReading | undefined
}

/**
 * What all carriers of a request demand together. A store that does not answer is done without where the request brought
 * a token that is good; else only the primary is sure to have what the reader wrote.
 */
export function demandOfRequest(
  { sent, stored }: CarriedTokens,
  primary: PrimaryPosition | undefined,
): Demand {
  const demand: Demand = sent ? demandOf(sent, primary) : { kind: 'none' }
  if (!stored || stored.kind === 'absent') return demand
  if (stored.kind !== 'unavailable') return mergeDemands(demand, demandOf(stored, primary))
  return demand.kind === 'none' ? { kind: 'primary', reason: 'unknown' } : demand
}
