import type { BudgetView, PoolView } from '../view/connections-view.ts'
import { count, duration, milliseconds, percent } from '../view/format.ts'
import { DataTable } from './data-table.tsx'
import { Meter } from './meter.tsx'
import { Section } from './section.tsx'
import { StatusMark } from './status-mark.tsx'

export function ConnectionsSection({
  budgets,
  pools,
}: {
  readonly budgets: readonly BudgetView[]
  readonly pools: readonly PoolView[]
}) {
  return (
    <Section id="connections" title="Connections" note="Each server against what it may have" wide>
      <div className="columns connections">
        {budgets.map((budget) => (
          <div key={budget.database}>
            <div className="budget">
              <h3>
                Server {budget.database} <StatusMark status={budget.status} />
              </h3>
              <p>
                {budget.budget === 0 ? (
                  <strong className="big">—</strong>
                ) : (
                  <>
                    <strong className="big">{count(budget.used)}</strong>{' '}
                    <span className="muted">
                      of {count(budget.budget)} · {percent(budget.share)}
                    </span>
                  </>
                )}
              </p>
              <Meter share={budget.share} tone={budget.status} />
              <p className="muted">{budget.note}</p>
            </div>
            <DataTable
              label={`Connections to ${budget.database} by role`}
              rows={budget.roles}
              keyOf={({ role }) => role}
              empty="The server does not say who is connected."
              columns={[
                { title: 'Role', cell: ({ role }) => <code>{role}</code> },
                { title: 'All', isNumber: true, cell: ({ total }) => count(total) },
                { title: 'Active', isNumber: true, cell: ({ active }) => count(active) },
                { title: 'Idle', isNumber: true, cell: ({ idle }) => count(idle) },
                {
                  title: 'In transaction',
                  isNumber: true,
                  cell: ({ idleInTransaction, longestInTransactionS }) =>
                    longestInTransactionS === undefined
                      ? count(idleInTransaction)
                      : `${count(idleInTransaction)} · ${duration(longestInTransactionS)}`,
                },
              ]}
            />
          </div>
        ))}
        <div>
          <h3>Pools of the services</h3>
          <DataTable
            label="Pools of the services"
            rows={pools}
            keyOf={({ service, name }) => `${service}/${name}`}
            empty="No service has told of a pool."
            columns={[
              { title: 'Service', cell: ({ service }) => service },
              { title: 'Pool', cell: ({ name }) => name },
              {
                title: 'In use',
                isNumber: true,
                cell: ({ inUse, capacity }) => (
                  <span className="with-meter">
                    <Meter share={capacity === 0 ? 0 : inUse / capacity} />
                    {`${count(inUse)} / ${count(capacity)}`}
                  </span>
                ),
              },
              { title: 'Waiting', isNumber: true, cell: ({ waiting }) => count(waiting) },
              {
                title: 'Mean wait',
                isNumber: true,
                cell: ({ meanWaitMs }) => (meanWaitMs === undefined ? '—' : milliseconds(meanWaitMs)),
              },
              { title: 'Timed out', isNumber: true, cell: ({ timedOut }) => count(timedOut) },
            ]}
          />
        </div>
      </div>
    </Section>
  )
}
