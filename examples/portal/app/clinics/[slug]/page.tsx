import type { Metadata } from 'next'
import { AppointmentList } from '../../../components/appointment-list.tsx'
import { BookingForm } from '../../../components/booking-form.tsx'
import { RecordList } from '../../../components/record-list.tsx'
import { overviewAnswer } from '../../../lib/answers.ts'
import { read } from '../../../lib/core-api.ts'

export const metadata: Metadata = { title: 'My clinic' }
export const dynamic = 'force-dynamic'

export default async function Page({ params }: { readonly params: Promise<{ slug: string }> }) {
  const { slug } = await params
  const { clinic, patientId, appointments, records } = await read(
    `/me/clinics/${encodeURIComponent(slug)}/overview`,
    overviewAnswer,
  )
  const now = new Date().toISOString()
  const coming = appointments.filter(({ startsAt, status }) => startsAt >= now && status === 'booked')
  const past = appointments.filter((appointment) => !coming.includes(appointment)).toReversed()
  const tomorrow = new Date(Date.now() + 24 * 60 * 60 * 1_000).toISOString().slice(0, 10)
  return (
    <main id="main">
      <h1>{clinic.name}</h1>
      <p className="muted">All times are the clinic’s own.</p>
      <section aria-labelledby="coming">
        <h2 id="coming">Coming up</h2>
        <AppointmentList clinic={clinic} appointments={coming} none="Nothing is booked." />
      </section>
      <section aria-labelledby="book">
        <h2 id="book">Book an appointment</h2>
        <BookingForm
          slug={clinic.slug}
          timeZone={clinic.timeZone}
          patientId={patientId}
          earliest={tomorrow}
        />
      </section>
      <section aria-labelledby="records">
        <h2 id="records">What the clinic has written</h2>
        <p className="muted">That you have read it is noted in the clinic’s log, as every reading is.</p>
        <RecordList records={records} timeZone={clinic.timeZone} />
      </section>
      <section aria-labelledby="past">
        <h2 id="past">Earlier</h2>
        <AppointmentList clinic={clinic} appointments={past} none="Nothing yet." />
      </section>
    </main>
  )
}
