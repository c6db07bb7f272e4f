import type { FreshnessOptions } from '../definition/definition-options.ts'

/**
 * How old a value is. Never about whether it was overwritten: that is judged before.
 *
 * - `fresh`: served
 * - `early`: served, and loaded anew by this caller, who drew the lot
 * - `stale`: its time is over; served while it is loaded anew
 * - `grace`: served only where it cannot be loaded
 * - `expired`: not served
 */
export type Freshness = 'fresh' | 'early' | 'stale' | 'grace' | 'expired'

/** What is known of the age of a value. */
export interface Age {
  /** Milliseconds since 1970, by the clock of who loaded it. */
  readonly bornAtMs: number
  /** How long it is fresh, as it was drawn when it was stored. */
  readonly ttlMs: number
  /** How long loading it took. */
  readonly loadMs: number
}

type Rules = Required<FreshnessOptions>

/**
 * How long a value is fresh: up to `jitter` less than the time to live.
 *
 * @param random from 0 to 1
 */
export function drawTtl(
  { ttlMs, negativeTtlMs, jitter }: Rules,
  isNegative: boolean,
  random: number,
): number {
  return Math.max(1, Math.round((isNegative ? negativeTtlMs : ttlMs) * (1 - jitter * random)))
}

/** How long Redis keeps a value: as long as it may be served at all. */
export function keptMs({ staleMs, graceMs }: Rules, ttlMs: number): number {
  return ttlMs + staleMs + graceMs
}

/**
 * Clocks that differ make a value older or younger than it is, by as much, and Redis forgets it by its own.
 *
 * The early lot is XFetch: the nearer the end and the longer the load, the likelier; one of many callers draws it on the average
 * shortly before the end.
 *
 * @param random from 0 (exclusive) to 1
 * @see Vattani, Chierichetti, Lowenstein: Optimal Probabilistic Cache Stampede Prevention, VLDB 2015
 */
export function judgeAge(
  rules: Rules,
  { bornAtMs, ttlMs, loadMs }: Age,
  nowMs: number,
  random: number,
): Freshness {
  const ageMs = Math.max(0, nowMs - bornAtMs)
  if (ageMs < ttlMs) {
    const isDrawn = rules.early > 0 && ageMs - loadMs * rules.early * Math.log(random) >= ttlMs
    return isDrawn ? 'early' : 'fresh'
  }
  if (ageMs < ttlMs + rules.staleMs) return 'stale'
  return ageMs < ttlMs + rules.staleMs + rules.graceMs ? 'grace' : 'expired'
}
