'use client'

import { useActionState } from 'react'
import { Problem } from '../../components/problem.tsx'
import { UNTRIED } from '../../lib/form-state.ts'
import { signIn } from './sign-in.ts'

export function LoginForm() {
  const [state, action, isPending] = useActionState(signIn, UNTRIED)
  return (
    <form action={action} className="form">
      <label className="field">
        <span>Email</span>
        <input
          name="email"
          type="email"
          autoComplete="username"
          required
          maxLength={254}
          defaultValue={state.values.email}
        />
      </label>
      <label className="field">
        <span>Password</span>
        <input name="password" type="password" autoComplete="current-password" required maxLength={256} />
      </label>
      <Problem words={state.problem} />
      <button type="submit" className="button primary" disabled={isPending}>
        {isPending ? 'Signing in …' : 'Sign in'}
      </button>
    </form>
  )
}
