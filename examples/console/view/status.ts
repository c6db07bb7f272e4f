/** Always shown as a shape and a word too: no state is told by colour alone. */
export type Status = 'ok' | 'warn' | 'bad' | 'unknown'

const RANK: Readonly<Record<Status, number>> = { ok: 0, unknown: 1, warn: 2, bad: 3 }

/** The worst of them; `ok` of none. */
export function worst(statuses: readonly Status[]): Status {
  return statuses.reduce<Status>((sofar, status) => (RANK[status] > RANK[sofar] ? status : sofar), 'ok')
}

/** For sorting: the worst first. */
export function byStatus<T extends { readonly status: Status }>(a: T, b: T): number {
  return RANK[b.status] - RANK[a.status]
}
