import { count, milliseconds, percent } from '../view/format.ts'
import type { TenantsView } from '../view/tenants-view.ts'
import { DataTable } from './data-table.tsx'
import { Meter } from './meter.tsx'
import { Section } from './section.tsx'
import { StatusMark } from './status-mark.tsx'

export function TenantsSection({ tenants: view }: { readonly tenants: TenantsView }) {
  const { tenants, dedicatedLeftOut, withheld } = view
  return (
    <Section id="tenants" title="Busiest clinics" note="Of the last minute, by time of the database">
      <DataTable
        label="Clinics by share of the time"
        rows={tenants}
        keyOf={({ key }) => key}
        empty={withheld ?? 'No clinic did anything in the last minute.'}
        columns={[
          { title: 'Clinic', cell: ({ name }) => name },
          {
            title: 'State',
            cell: ({ status }) => <StatusMark status={status} label={status === 'ok' ? 'OK' : 'Noisy'} />,
          },
          {
            title: 'Share',
            isNumber: true,
            cell: ({ share, status }) => (
              <span className="with-meter">
                <Meter share={share} tone={status === 'ok' ? 'plain' : status} />
                {percent(share)}
              </span>
            ),
          },
          { title: 'Operations', isNumber: true, cell: ({ operations }) => count(operations) },
          { title: 'Busy', isNumber: true, cell: ({ busyMs }) => milliseconds(busyMs) },
          { title: 'Errors', isNumber: true, cell: ({ errors }) => count(errors) },
          { title: 'Waiting', isNumber: true, cell: ({ waiting }) => count(waiting) },
        ]}
      />
      <p className="muted footnote">
        {dedicatedLeftOut === 0
          ? 'Dedicated tenants are never shown here.'
          : `${dedicatedLeftOut} dedicated ${dedicatedLeftOut === 1 ? 'tenant is' : 'tenants are'} left out, as from all work across tenants.`}
      </p>
    </Section>
  )
}
