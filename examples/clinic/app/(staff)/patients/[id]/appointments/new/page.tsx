import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { AppointmentForm } from '../../../../../../components/appointment-form.tsx'
import { PersonHead } from '../../../../../../components/person-head.tsx'
import { readPatient } from '../../../../../../data/patient.ts'
import { requireStaff } from '../../../../../../lib/session.ts'
import { shiftDay, todayIn } from '../../../../../../lib/times.ts'

export const metadata: Metadata = { title: 'New appointment' }

interface Props {
  readonly params: Promise<{ readonly id: string }>
}

export default async function Page({ params }: Props) {
  const { organization } = await requireStaff()
  const { timeZone } = organization
  const patient = await readPatient((await params).id)
  if (!patient) notFound()
  return (
    <div className="narrow">
      <PersonHead patient={patient} timeZone={timeZone} />
      <h2>New appointment</h2>
      <AppointmentForm patientId={patient.id} tomorrow={shiftDay(todayIn(timeZone), 1)} />
    </div>
  )
}
