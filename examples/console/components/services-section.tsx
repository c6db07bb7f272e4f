import { count, duration, milliseconds, percent, rate } from '../view/format.ts'
import type { ServiceView } from '../view/services-view.ts'
import { DataTable } from './data-table.tsx'
import { Section } from './section.tsx'
import { StatusMark } from './status-mark.tsx'

type Figures = NonNullable<ServiceView['figures']>

export function ServicesSection({ services }: { readonly services: readonly ServiceView[] }) {
  const figure = (title: string, of: (figures: Figures) => string) => ({
    title,
    isNumber: true,
    cell: ({ figures }: ServiceView) => (figures ? of(figures) : '—'),
  })
  return (
    <Section id="services" title="Services" note="Durations are of the last minute" wide>
      <DataTable
        label="Figures of each service"
        rows={services}
        keyOf={({ name }) => name}
        empty="No service is configured."
        columns={[
          { title: 'Service', cell: ({ name }) => name },
          {
            title: 'State',
            cell: ({ status, note }) => (
              <>
                <StatusMark status={status} />{' '}
                {status === 'ok' ? null : <span className="muted">{note}</span>}
              </>
            ),
          },
          figure('Requests', ({ requestsPerS }) => `${rate(requestsPerS)}/s`),
          figure('Errors', ({ errorShare }) => percent(errorShare)),
          figure('Hold p50', ({ holdP50Ms }) => milliseconds(holdP50Ms)),
          figure('Hold p99', ({ holdP99Ms }) => milliseconds(holdP99Ms)),
          figure('Round trip p50', ({ roundTripP50Ms }) => milliseconds(roundTripP50Ms)),
          figure('Round trip p99', ({ roundTripP99Ms }) => milliseconds(roundTripP99Ms)),
          figure('Alarms', ({ alarms }) => count(alarms)),
          figure('Up', ({ uptimeS }) => duration(uptimeS)),
        ]}
      />
    </Section>
  )
}
