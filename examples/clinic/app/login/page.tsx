import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { Mark } from '../../components/mark.tsx'
import { clinic, findSession } from '../../lib/session.ts'
import { LoginForm } from './login-form.tsx'

export const metadata: Metadata = { title: 'Sign in' }

export default async function Page() {
  const { name, tenancy } = await clinic()
  if (await findSession()) redirect('/')
  return (
    <main className="login">
      <div className="login-card">
        <Mark />
        <h1>{name}</h1>
        <p className="muted">
          {tenancy === 'dedicated'
            ? 'Sign in with your practice account.'
            : 'Sign in with your staff account.'}
        </p>
        <LoginForm />
      </div>
    </main>
  )
}
