import type { AuditView } from './audit-view.ts'
import type { CacheView } from './cache-view.ts'
import type { BudgetView, PoolView } from './connections-view.ts'
import type { CalendarView } from './partitions-view.ts'
import type { ReplicaView, StandbysView } from './replicas-view.ts'
import type { RoutingView } from './routing-view.ts'
import type { ServiceView } from './services-view.ts'
import type { TenantsView } from './tenants-view.ts'
import type { PhaseView } from './triggers-view.ts'

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
