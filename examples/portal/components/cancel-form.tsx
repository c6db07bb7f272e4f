'use client'

import { useActionState } from 'react'
import { cancelAppointment } from '../app/clinics/[slug]/actions.ts'

interface Props {
  readonly slug: string
  readonly appointmentId: string
  /** For whoever hears the button without seeing the line. */
  readonly moment: string
}

export function CancelForm({ slug, appointmentId, moment }: Props) {
  const [state, action, isPending] = useActionState(cancelAppointment, { problem: '', done: '' })
  return (
    <form action={action}>
      <input type="hidden" name="slug" value={slug} />
      <input type="hidden" name="id" value={appointmentId} />
      <button type="submit" disabled={isPending} aria-label={`Cancel ${moment}`}>
        Cancel
      </button>
      {state.problem && (
        <p role="alert" className="problem">
          {state.problem}
        </p>
      )}
    </form>
  )
}
