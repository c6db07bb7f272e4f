import { count, percent, rate } from '../view/format.ts'
import type { ReasonView, RoutingView } from '../view/routing-view.ts'
import { DataTable } from './data-table.tsx'
import { Meter } from './meter.tsx'
import { Section } from './section.tsx'

export function RoutingSection({ routing }: { readonly routing: RoutingView }) {
  const { readShare, replicaShare } = routing
  return (
    <Section
      id="routing"
      title="Routing"
      note={
        readShare === undefined
          ? 'Why work went where it went'
          : `${percent(readShare)} reads; replicas served ${percent(replicaShare ?? 0)} of them`
      }
    >
      <DataTable
        label="Why work went where it went"
        rows={routing.reasons}
        keyOf={({ reason }) => reason}
        empty="Nothing was routed. Without replicas everything goes to the primary, and no reason is counted."
        columns={[
          {
            title: 'Reason',
            cell: ({ reason, meaning }: ReasonView) => (
              <>
                <code>{reason}</code>
                <span className="under">{meaning}</span>
              </>
            ),
          },
          { title: 'To', cell: ({ place }) => place },
          { title: 'Rate', isNumber: true, cell: ({ perS }) => `${rate(perS)}/s` },
          {
            title: 'Share',
            isNumber: true,
            cell: ({ share }) => (
              <span className="with-meter">
                <Meter share={share} />
                {percent(share)}
              </span>
            ),
          },
          { title: 'In all', isNumber: true, cell: ({ sinceStart }) => count(sinceStart) },
        ]}
      />
    </Section>
  )
}
