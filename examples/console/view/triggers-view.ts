import type { Observation } from '../collect/observation.ts'
import { BUDGET_WARNS_AT, type BudgetView } from './connections-view.ts'
import { count, milliseconds, percent } from './format.ts'
import type { ReplicaView } from './replicas-view.ts'
import type { RoutingView } from './routing-view.ts'

/** One figure that says when the next phase is due. */
export interface TriggerView {
  readonly id: 'clinics' | 'patients' | 'connections' | 'read-share' | 'replica-lag'
  readonly title: string
  readonly value: string
  readonly limit: string
  /** From 0, and beyond 1 once it is reached; nothing where it is not measured. */
  readonly progress: number | undefined
  /** `acted upon`: it was reached, and what it calls for is there. */
  readonly reached: 'reached' | 'not reached' | 'not measured' | 'acted upon'
  /** Where the value comes from, or why there is none. */
  readonly basis: string
}

/** The phase as it is configured and as it is found, and what speaks for the next. */
export interface PhaseView {
  /** What `PLATFORM_PHASE` says. */
  readonly label: string
  /** What the topology shows. */
  readonly found: string
  /** Whether the label and what is found agree. */
  readonly agrees: boolean
  readonly next: string
  readonly triggers: readonly TriggerView[]
  readonly notMeasured: readonly { readonly what: string; readonly why: string }[]
}

/** What each phase is made for. */
const PHASES = {
  '1': { clinics: 10, patients: 100_000, next: 'Phase 2: two read replicas' },
  '2': { clinics: 50, patients: 500_000, next: 'a phase beyond 2, for which nothing is planned yet' },
} as const

/** Reads can move to replicas, writes cannot: below half, replicas take away less than half of the work. */
const READ_SHARE_WORTH_REPLICAS = 0.5
/** What the router allows by default before it takes a replica out of service. */
const LAG_LIMIT_MS = 5_000

/** What the phase's view is made of. */
interface Sources {
  readonly now: Observation
  readonly budgets: readonly BudgetView[]
  readonly routing: RoutingView
  readonly replicas: readonly ReplicaView[]
}

/** Phase and triggers, from figures that were measured; where there is none, it says so. */
export function viewPhase({ now, budgets, routing, replicas }: Sources): PhaseView {
  const label = now.phaseLabel
  const hasReplicas = replicas.length > 0
  const phase = PHASES[label === '2' ? '2' : '1']
  const clinics = now.clinics.ok ? now.clinics.value.length : undefined
  const patients = now.patients.ok ? now.patients.value : undefined
  const budget = budgets[0]
  const share = budget && budget.budget > 0 ? budget.share : undefined
  const lags = replicas.flatMap(({ lagMs }) => (lagMs === undefined ? [] : [lagMs]))
  const lag = lags.length === 0 ? undefined : Math.max(...lags)
  return {
    label,
    found: hasReplicas
      ? `${replicas.length} read ${replicas.length === 1 ? 'replica' : 'replicas'}`
      : 'One database, no read replica',
    agrees: hasReplicas === (label === '2'),
    next: phase.next,
    triggers: [
      trigger(
        'clinics',
        'Clinics',
        { value: clinics, limit: phase.clinics, show: count, isReached: (value, limit) => value > limit },
        now.clinics.ok ? 'Hosts in the directory' : now.clinics.reason,
      ),
      trigger(
        'patients',
        'Patients',
        { value: patients, limit: phase.patients, show: count, isReached: (value, limit) => value > limit },
        now.patients.ok ? "Estimate of the server's statistics: no row is read" : now.patients.reason,
      ),
      trigger(
        'connections',
        'Connections of the budget',
        { value: share, limit: BUDGET_WARNS_AT, show: percent },
        share === undefined ? (budget?.note ?? 'No server answers') : `${budget?.used} of ${budget?.budget}`,
      ),
      trigger(
        'read-share',
        'Reads among all work',
        {
          value: routing.readShare,
          limit: READ_SHARE_WORTH_REPLICAS,
          show: percent,
          whenReached: hasReplicas ? 'acted upon' : 'reached',
        },
        routing.readShare === undefined
          ? 'Nothing was read or written yet'
          : `Of ${count(routing.judged)} since the services started; from the limit on, replicas pay`,
      ),
      trigger(
        'replica-lag',
        'Replica lag',
        { value: lag, limit: LAG_LIMIT_MS, show: milliseconds },
        hasReplicas ? 'The largest that a service sees' : 'There is no replica in this phase',
      ),
    ],
    notMeasured: NOT_MEASURED,
  }
}

interface Measure {
  readonly value: number | undefined
  readonly limit: number
  readonly show: (value: number) => string
  /** @default at the limit it is reached */
  readonly isReached?: (value: number, limit: number) => boolean
  /** @default 'reached' */
  readonly whenReached?: TriggerView['reached']
}

function trigger(
  id: TriggerView['id'],
  title: string,
  { value, limit, show, isReached = (given, most) => given >= most, whenReached = 'reached' }: Measure,
  basis: string,
): TriggerView {
  const common = { id, title, limit: show(limit), basis }
  if (value === undefined) return { ...common, value: '—', progress: undefined, reached: 'not measured' }
  return {
    ...common,
    value: show(value),
    progress: value / limit,
    reached: isReached(value, limit) ? whenReached : 'not reached',
  }
}

const NOT_MEASURED = [
  {
    what: 'CPU, memory and disk of the servers',
    why: 'RDS tells them to CloudWatch, and PostgreSQL knows nothing of them.',
  },
  {
    what: 'How many clients pgbouncer holds',
    why: 'Its own console would have to be asked, which takes another login.',
  },
  {
    what: 'Response times as patients feel them',
    why: 'Services count responses, and time their work with the database only.',
  },
  {
    what: 'Growth, and so the date on which a trigger is reached',
    why: 'This page remembers a few minutes.',
  },
] as const
