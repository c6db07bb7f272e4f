import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { currentOperator } from '../../lib/session.ts'
import { LoginForm } from './login-form.tsx'

export const metadata: Metadata = { title: 'Sign in' }
export const dynamic = 'force-dynamic'

export default async function Page() {
  if (await currentOperator()) redirect('/')
  return (
    <main className="login">
      <div className="login-card">
        <p className="eyebrow">Clinic platform</p>
        <h1>Console</h1>
        <p className="muted">For operators. It shows how the platform runs, and no patient’s data.</p>
        <LoginForm />
      </div>
    </main>
  )
}
