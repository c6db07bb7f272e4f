import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { ChartEntries } from '../../../../components/chart-entries.tsx'
import { PersonHead } from '../../../../components/person-head.tsx'
import { VisitList } from '../../../../components/visit-list.tsx'
import { readPatient, readRecords } from '../../../../data/patient.ts'
import { requireStaff } from '../../../../lib/session.ts'

/** Never the patient's name: titles stay in the browser's history. */
export const metadata: Metadata = { title: 'Chart' }

interface Props {
  readonly params: Promise<{ readonly id: string }>
}

export default async function Page({ params }: Props) {
  const { organization, claims } = await requireStaff()
  const { id } = await params
  const [patient, chart] = await Promise.all([readPatient(id), readRecords(id)])
  if (!patient || !chart) notFound()
  const { timeZone } = organization
  return (
    <>
      <PersonHead patient={patient} timeZone={timeZone}>
        <Link className="button" href={`/patients/${id}/appointments/new`} prefetch={false}>
          New appointment
        </Link>
        <Link className="button primary" href={`/patients/${id}/records/new`} prefetch={false}>
          Add record
        </Link>
      </PersonHead>
      <div className="chart">
        <section aria-labelledby="entries">
          <h2 id="entries">Chart</h2>
          <ChartEntries records={chart.records} timeZone={timeZone} />
        </section>
        <aside className="beside">
          <section aria-labelledby="visits" className="card">
            <h2 id="visits">Appointments</h2>
            <VisitList visits={patient.appointments} timeZone={timeZone} />
          </section>
          <p className="logged">
            That {claims.name} has read this chart now is in the audit log, with each of its entries.
          </p>
        </aside>
      </div>
    </>
  )
}
