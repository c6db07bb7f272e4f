/** What the process of the application is started with. */
export interface LoadStart {
  /** The pooler, for the application's role. */
  readonly url: string
  readonly writers: number
  readonly readers: number
  /** How long one reader stays idle in its transaction from the first `phase` that says so. */
  readonly idleMs: number
  /** How long each transaction of the analytic reader is. */
  readonly analyticMs: number
  readonly month: number
}

/**
 * - `phase`: answers what was measured since the one before, and begins anew
 * - `month`: writers and readers go on in another month, by its first millisecond
 * - `end`: like `phase`, then everybody goes
 */
export type LoadOrder =
  | { readonly kind: 'phase'; readonly idle: boolean }
  | { readonly kind: 'month'; readonly month: number }
  | { readonly kind: 'end' }

/** What an application went through. */
export interface LoadFigures {
  readonly calls: number
  readonly callsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** The longest time in which none of the writers, or none of the readers, had an answer. */
  readonly stallMs: number
  /** When it was over, in milliseconds of the Unix epoch. */
  readonly stallEndedAt: number
  readonly longestCallMs: number
  /** By message. */
  readonly errors: Readonly<Record<string, number>>
  readonly foreignRows: number
  /** Rows that were acknowledged, since the process began. */
  readonly inserted: number
  /** Transactions of the analytic reader. */
  readonly analyses: number
}
