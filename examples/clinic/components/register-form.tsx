'use client'

import { useActionState } from 'react'
import { registerPatient } from '../actions/register-patient.ts'
import { UNTRIED } from '../lib/form-state.ts'
import { FormEnd } from './form-end.tsx'

export function RegisterForm({ today }: { readonly today: string }) {
  const [{ values, problem }, action, isPending] = useActionState(registerPatient, UNTRIED)
  return (
    <form action={action} className="form card">
      <label className="field">
        <span>Given name</span>
        <input name="givenName" required maxLength={80} autoComplete="off" defaultValue={values.givenName} />
      </label>
      <label className="field">
        <span>Family name</span>
        <input
          name="familyName"
          required
          maxLength={80}
          autoComplete="off"
          defaultValue={values.familyName}
        />
      </label>
      <label className="field short">
        <span>Date of birth</span>
        <input
          name="birthDate"
          type="date"
          required
          min="1900-01-01"
          max={today}
          defaultValue={values.birthDate}
        />
      </label>
      <FormEnd problem={problem} isPending={isPending} words="Register patient" back="/patients" />
    </form>
  )
}
