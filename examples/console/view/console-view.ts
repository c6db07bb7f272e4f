import type { Observation } from '../collect/observation.ts'
import { type AttentionItem, listAttention, type Verdict, verdictOf } from './attention.ts'
import { type AuditView, viewAudits } from './audit-view.ts'
import { type CacheView, viewCaches } from './cache-view.ts'
import { type BudgetView, type PoolView, viewBudgets, viewPools } from './connections-view.ts'
import { stretches } from './deltas.ts'
import type { HistoryPoint } from './history-point.ts'
import { type CalendarView, viewCalendars } from './partitions-view.ts'
import { type ReplicaView, type StandbysView, viewReplicas, viewStandbys } from './replicas-view.ts'
import { type RoutingView, viewRouting } from './routing-view.ts'
import { type ServiceView, viewServices } from './services-view.ts'
import { type TenantsView, viewTenants } from './tenants-view.ts'
import { type PhaseView, viewPhase } from './triggers-view.ts'

/** The sections, each worked out from what was observed. */
export interface ConsoleParts {
  readonly services: readonly ServiceView[]
  readonly budgets: readonly BudgetView[]
  readonly pools: readonly PoolView[]
  readonly replicas: readonly ReplicaView[]
  readonly standbys: StandbysView
  readonly routing: RoutingView
  readonly caches: readonly CacheView[]
  readonly calendars: readonly CalendarView[]
  readonly tenants: TenantsView
  readonly audits: readonly AuditView[]
  readonly phase: PhaseView
}

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
