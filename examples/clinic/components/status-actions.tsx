'use client'

import type { AppointmentStatus } from '@clinic/schema'
import { useActionState } from 'react'
import { changeStatus } from '../actions/change-status.ts'
import { UNTRIED } from '../lib/form-state.ts'
import { Problem } from './problem.tsx'

/** What can become of an appointment from where it stands. */
const STEPS: Readonly<Record<AppointmentStatus, readonly (readonly [AppointmentStatus, string])[]>> = {
  booked: [
    ['arrived', 'Arrived'],
    ['missed', 'Missed'],
    ['cancelled', 'Cancel'],
  ],
  arrived: [['done', 'Done']],
  done: [],
  cancelled: [],
  missed: [['arrived', 'Arrived late']],
}

interface Props {
  readonly id: string
  readonly status: AppointmentStatus
  /** Which one, for whoever hears the button by itself. */
  readonly about: string
}

export function StatusActions({ id, status, about }: Props) {
  const [state, action, isPending] = useActionState(changeStatus, UNTRIED)
  return (
    <form action={action} className="slot-actions" aria-busy={isPending}>
      <input type="hidden" name="id" value={id} />
      {STEPS[status].map(([next, words]) => (
        <button
          key={next}
          type="submit"
          name="status"
          value={next}
          className="button small"
          disabled={isPending}
        >
          {words}
          <span className="visually-hidden">: {about}</span>
        </button>
      ))}
      <Problem words={state.problem} />
    </form>
  )
}
