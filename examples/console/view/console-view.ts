import type { Observation } from '../collect/observation.ts'
import { type AttentionItem, listAttention, type Verdict, verdictOf } from './attention.ts'
import { viewAudits } from './audit-view.ts'
import { viewCaches } from './cache-view.ts'
import { viewBudgets, viewPools } from './connections-view.ts'
import type { ConsoleParts } from './console-parts.ts'
import { stretches } from './deltas.ts'
import type { HistoryPoint } from './history-point.ts'
import { viewCalendars } from './partitions-view.ts'
import { viewReplicas, viewStandbys } from './replicas-view.ts'
import { viewRouting } from './routing-view.ts'
import { viewServices } from './services-view.ts'
import { viewTenants } from './tenants-view.ts'
import { viewPhase } from './triggers-view.ts'

/** All that the page shows. Plain data that JSON can carry. */
export interface ConsoleView extends ConsoleParts {
  /** ISO 8601. */
  readonly at: string
  readonly verdict: Verdict
  readonly attention: readonly AttentionItem[]
  readonly history: readonly HistoryPoint[]
}

/**
 * Works out the page. Pure.
 *
 * @param earlier some seconds before, for rates
 */
export function viewConsole(
  earlier: Observation | undefined,
  now: Observation,
  history: readonly HistoryPoint[],
): ConsoleView {
  const all = stretches(earlier, now)
  const budgets = viewBudgets(now)
  const routing = viewRouting(now, all)
  const replicas = viewReplicas(now)
  const parts: ConsoleParts = {
    services: viewServices(now, all),
    budgets,
    pools: viewPools(now),
    replicas,
    standbys: viewStandbys(now),
    routing,
    caches: viewCaches(now, all),
    calendars: viewCalendars(now),
    tenants: viewTenants(now),
    audits: viewAudits(now),
    phase: viewPhase({ now, budgets, routing, replicas }),
  }
  const attention = listAttention(parts)
  return {
    at: new Date(now.atMs).toISOString(),
    verdict: verdictOf(attention),
    attention,
    ...parts,
    history,
  }
}
