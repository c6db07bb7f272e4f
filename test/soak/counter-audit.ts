import type { CounterSession } from '../support/guarantees/counter-sessions.ts'

/** A counter as it stands in the table. */
export interface CounterRow {
  readonly tenant_id: string
  readonly key: string
  readonly version: number
}

/** What a counter must not show. */
export interface CounterAudit {
  /** Writes that were reported committed, and are not in it. */
  readonly lostWrites: number
  /** Writes in it that nobody was told of, beyond those of which nobody knows: applied twice, or though they were reported failed. */
  readonly surplusWrites: number
}

/** Holds what sessions were told against the table: each write raises its session's counter by one. */
export function auditCounters(
  sessions: readonly CounterSession[],
  rows: readonly CounterRow[],
): CounterAudit {
  let [lostWrites, surplusWrites] = [0, 0]
  for (const { tenant, key, committed, highest, unknown } of sessions) {
    const version = rows.find((row) => row.tenant_id === tenant && row.key === key)?.version ?? 0
    lostWrites += Math.max(0, Math.max(committed, highest) - version)
    surplusWrites += Math.max(0, version - committed - unknown)
  }
  return { lostWrites, surplusWrites }
}
