import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { currentSession } from '../../lib/session.ts'
import { LoginForm } from './login-form.tsx'

export const metadata: Metadata = { title: 'Sign in' }
export const dynamic = 'force-dynamic'

export default async function Page() {
  if (await currentSession()) redirect('/')
  return (
    <main id="main" className="login">
      <div className="card">
        <h1>Patient portal</h1>
        <p className="muted">Your appointments and what your clinics have written, in one place.</p>
        <LoginForm />
      </div>
    </main>
  )
}
