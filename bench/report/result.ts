/** One peer in one scenario. */
export interface Result {
  readonly peer: string
  readonly scenario: string
  readonly opsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  /** Processor time of the client's process. */
  readonly cpuUsPerOp: number
  /** The median over the rounds of throughput divided by that of plain pg, unscoped and unnamed, in the same round. */
  readonly ratioToRaw: number
  /** Encloses it with at least 95 % confidence. */
  readonly ratioInterval: readonly [low: number, high: number]
  readonly foreignRows: number
}

/** What a suite has found. */
export interface Report {
  readonly suite: string
  /** Under what conditions it was measured. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly results: readonly Result[]
  /** Operations per second, by scenario, then peer, then round. */
  readonly throughput: ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>
}

/** What one peer did as a share of what another did, round by round. */
export function ratiosOf(report: Report, scenario: string, peer: string, to: string): readonly number[] {
  const peers = report.throughput.get(scenario)
  const base = peers?.get(to) ?? []
  return (peers?.get(peer) ?? []).map((ops, round) => ops / (base[round] ?? Number.NaN))
}
