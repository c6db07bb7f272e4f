import type { DatabaseReading, Observation } from '../collect/observation.ts'
import type { Status } from './status.ts'

/** Client connections of one server against what it may have. */
export interface BudgetView {
  readonly database: string
  readonly status: Status
  readonly note: string
  readonly used: number
  /** 0 where nobody knows. */
  readonly budget: number
  readonly share: number
  readonly roles: readonly RoleView[]
}

/** The connections of one role. */
export interface RoleView {
  readonly role: string
  readonly total: number
  readonly active: number
  readonly idle: number
  readonly idleInTransaction: number
  /** Seconds; nothing where none is idle in a transaction. */
  readonly longestInTransactionS: number | undefined
}

/** One pool of one service. */
export interface PoolView {
  readonly service: string
  readonly name: string
  readonly role: 'primary' | 'replica'
  readonly status: Status
  readonly capacity: number
  readonly total: number
  readonly inUse: number
  readonly waiting: number
  readonly timedOut: number
  /** Mean milliseconds that a caller waited for a connection, since the start; nothing where it is not counted. */
  readonly meanWaitMs: number | undefined
}

/** Beyond it a failover, which connects anew what was connected already, can run out. */
export const BUDGET_WARNS_AT = 0.7
const BUDGET_IS_BAD_AT = 0.9
/** A transaction that nobody works in holds back vacuum, and a server connection. */
const IDLE_IN_TRANSACTION_WARNS_S = 10

/** What stands for the role of a connection that has not shown yet whose it is. */
const BEING_LET_IN = '(being let in)'

/** Each server's connections, by role. */
export function viewBudgets({ databases }: Observation): readonly BudgetView[] {
  return databases.map(viewBudget)
}

function viewBudget({ name, server }: DatabaseReading): BudgetView {
  if (!server.ok) {
    const none = { used: 0, budget: 0, share: 0, roles: [] }
    return { database: name, status: 'bad', note: server.reason, ...none }
  }
  const { connections, maxConnections, reservedConnections } = server.value
  const used = sum(connections.map((each) => each.connections))
  const budget = Math.max(0, maxConnections - reservedConnections)
  const share = budget === 0 ? 0 : used / budget
  const roles = [...Map.groupBy(connections, ({ role }) => role ?? BEING_LET_IN)]
    .map(([role, rows]): RoleView => {
      const inState = (matches: (state: string) => boolean) =>
        rows.filter(({ state }) => state !== null && matches(state))
      const count = (matches: (state: string) => boolean) =>
        sum(inState(matches).map((row) => row.connections))
      const open = inState((state) => state.startsWith('idle in transaction'))
      return {
        role,
        total: sum(rows.map((row) => row.connections)),
        active: count((state) => state === 'active'),
        idle: count((state) => state === 'idle'),
        idleInTransaction: sum(open.map((row) => row.connections)),
        longestInTransactionS:
          open.length === 0 ? undefined : Math.max(...open.map(({ longestS }) => longestS ?? 0)),
      }
    })
    .sort((a, b) => b.total - a.total || a.role.localeCompare(b.role))
  return { database: name, ...judge(share, roles), used, budget, share, roles }
}

function judge(
  share: number,
  roles: readonly RoleView[],
): { readonly status: Status; readonly note: string } {
  if (share >= BUDGET_IS_BAD_AT) return { status: 'bad', note: 'Almost no connection is left' }
  if (share >= BUDGET_WARNS_AT) return { status: 'warn', note: 'A failover could run out of connections' }
  const stuck = roles.find(({ longestInTransactionS: s = 0 }) => s >= IDLE_IN_TRANSACTION_WARNS_S)
  if (stuck) return { status: 'warn', note: `${stuck.role} leaves a transaction open` }
  return { status: 'ok', note: 'Within the budget' }
}

/** Each pool of each service that answers. */
export function viewPools({ services }: Observation): readonly PoolView[] {
  return services.flatMap(({ name: service, metrics }) =>
    metrics.ok
      ? metrics.value.pools.map((pool): PoolView => {
          const { name, role, capacity, total, inUse, waiting, timedOut, acquired, acquireMs } = pool
          return {
            ...{ service, name, role, capacity, total, inUse, waiting, timedOut },
            status: waiting > capacity * 4 ? 'warn' : 'ok',
            meanWaitMs: acquired === 0 ? undefined : acquireMs / acquired,
          }
        })
      : [],
  )
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
