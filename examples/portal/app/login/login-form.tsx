'use client'

import { useActionState } from 'react'
import { signIn } from './sign-in.ts'

export function LoginForm() {
  const [state, action, isPending] = useActionState(signIn, { email: '', problem: '' })
  return (
    <form action={action} className="login-form">
      <label>
        <span>Email</span>
        <input
          name="email"
          type="email"
          autoComplete="username"
          required
          maxLength={254}
          defaultValue={state.email}
        />
      </label>
      <label>
        <span>Password</span>
        <input name="password" type="password" autoComplete="current-password" required maxLength={256} />
      </label>
      <p role="alert" className="problem">
        {state.problem}
      </p>
      <button type="submit" className="primary" disabled={isPending}>
        {isPending ? 'Signing in …' : 'Sign in'}
      </button>
    </form>
  )
}
