/** When a replica serves, and when not. All of it can be set; durations are in milliseconds. */
export interface HealthRules {
  /** Lag in bytes of the write-ahead log above which a probe finds a replica lagging. @default 16 MiB */
  readonly maxLagBytes: number
  /** Lag in time above which a probe finds a replica lagging. @default 5_000 */
  readonly maxLagMs: number
  /** Of how many probes, the last one included, the lag is judged. @default 3 */
  readonly lagWindow: number
  /** How many of those must find it lagging. @default 2 */
  readonly lagProbes: number
  /** How many probes in a row must find less than half the allowed lag, before a lagging replica serves again. @default 3 */
  readonly calmProbes: number
  /** Connection errors in a row that eject, of reads and probes together. @default 3 */
  readonly maxErrors: number
  /** How long the first ejection lasts; each further one lasts twice as long. @default 5_000 */
  readonly ejectionBaseMs: number
  /** How long an ejection lasts at most, but for the jitter. @default 60_000 */
  readonly ejectionCapMs: number
  /** The part by which an ejection is shortened or lengthened at random, so that processes do not come back at once. @default 0.2 */
  readonly ejectionJitter: number
  /** How long a replica must have been healthy for its earlier ejections to be forgotten. @default 60_000 */
  readonly ejectionForgetMs: number
  /** How long a replica that has come back is warming. @default 30_000 */
  readonly warmUpMs: number
  /** The weight with which it begins. @default 0.1 */
  readonly warmUpFrom: number
  /** How long a replica that was taken out of the configuration is kept for what still runs on it. @default 120_000 */
  readonly drainMs: number
}

export const DEFAULT_HEALTH_RULES: HealthRules = Object.freeze({
  maxLagBytes: 16 * 1024 * 1024,
  maxLagMs: 5_000,
  lagWindow: 3,
  lagProbes: 2,
  calmProbes: 3,
  maxErrors: 3,
  ejectionBaseMs: 5_000,
  ejectionCapMs: 60_000,
  ejectionJitter: 0.2,
  ejectionForgetMs: 60_000,
  warmUpMs: 30_000,
  warmUpFrom: 0.1,
  drainMs: 120_000,
})

/** The rules that differ from the default. */
export type HealthOptions = Partial<HealthRules>

/** All rules, with the default for those that the options do not name. */
export function healthRules(options: HealthOptions = {}): HealthRules {
  return Object.freeze({ ...DEFAULT_HEALTH_RULES, ...options })
}
