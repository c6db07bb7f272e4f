import type { Metadata } from 'next'
import { RegisterForm } from '../../../../components/register-form.tsx'
import { requireStaff } from '../../../../lib/session.ts'
import { todayIn } from '../../../../lib/times.ts'

export const metadata: Metadata = { title: 'New patient' }

export default async function Page() {
  const { organization } = await requireStaff()
  return (
    <div className="narrow">
      <h1>New patient</h1>
      <p className="muted">The chart gets the next free number.</p>
      <RegisterForm today={todayIn(organization.timeZone)} />
    </div>
  )
}
