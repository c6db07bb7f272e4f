import type { CatalogClient } from '../../rls/catalog/catalog-client.ts'
import type { Phase } from '../plan/step.ts'

const MOST_SKEW_MS = 300_000
/** What goes by the age of rows, and cannot be taken back. New months are made whatever the clocks say: without them inserts fail. */
const BY_AGE: readonly Phase[] = ['retire', 'archive', 'drop']

/** The server, as a run finds it. */
export interface ServerMoment {
  readonly inRecovery: boolean
  /** Milliseconds by which its clock is ahead of this machine's. */
  readonly skewMs: number
}

/** Asks the server what it is and what the time is; half of the way there and back counts as the way. */
export async function readMoment(client: CatalogClient, now: () => number): Promise<ServerMoment> {
  const askedMs = now()
  const { rows } = await client.query(
    `select pg_catalog.pg_is_in_recovery() as "inRecovery", (extract(epoch from pg_catalog.clock_timestamp()) * 1000)::text as ms`,
  )
  const heardMs = now()
  const [answer] = rows as readonly { readonly inRecovery: boolean; readonly ms: string }[]
  return {
    inRecovery: answer?.inRecovery ?? false,
    skewMs: Math.round(Number(answer?.ms) - (askedMs + heardMs) / 2),
  }
}

/** Why a step of that phase is not safe with clocks so far apart; nothing where it is. */
export function skewProblem(phase: Phase, skewMs: number): string | undefined {
  if (!BY_AGE.includes(phase) || Math.abs(skewMs) <= MOST_SKEW_MS) return undefined
  return (
    `The server's clock is ${Math.round(Math.abs(skewMs) / 1_000)} s ${skewMs > 0 ? 'ahead of' : 'behind'} this machine's: one of them is wrong, and what is old enough ` +
    'to be taken away cannot be told. Set the clocks right, then run this again. Steps that do not go by age were run.'
  )
}
