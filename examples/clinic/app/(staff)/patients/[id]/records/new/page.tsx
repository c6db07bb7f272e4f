import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { PersonHead } from '../../../../../../components/person-head.tsx'
import { RecordForm } from '../../../../../../components/record-form.tsx'
import { readPatient } from '../../../../../../data/patient.ts'
import { requireStaff } from '../../../../../../lib/session.ts'

export const metadata: Metadata = { title: 'New record' }

interface Props {
  readonly params: Promise<{ readonly id: string }>
}

export default async function Page({ params }: Props) {
  const { organization } = await requireStaff()
  const patient = await readPatient((await params).id)
  if (!patient) notFound()
  return (
    <div className="narrow">
      <PersonHead patient={patient} timeZone={organization.timeZone} />
      <h2>Add to the chart</h2>
      <RecordForm patientId={patient.id} />
    </div>
  )
}
