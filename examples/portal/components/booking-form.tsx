'use client'

import { useActionState } from 'react'
import { bookAppointment } from '../app/clinics/[slug]/actions.ts'

interface Props {
  readonly slug: string
  readonly timeZone: string
  readonly patientId: string
  /** The first day that can be chosen. */
  readonly earliest: string
}

export function BookingForm({ slug, timeZone, patientId, earliest }: Props) {
  const [state, action, isPending] = useActionState(bookAppointment, { problem: '', done: '' })
  return (
    <form action={action} className="card booking">
      <input type="hidden" name="slug" value={slug} />
      <input type="hidden" name="timeZone" value={timeZone} />
      <input type="hidden" name="patientId" value={patientId} />
      <label>
        <span>Day</span>
        <input name="day" type="date" min={earliest} required />
      </label>
      <label>
        <span>Time</span>
        <input name="time" type="time" min="08:00" max="18:00" step={300} required />
      </label>
      <button type="submit" className="primary" disabled={isPending}>
        {isPending ? 'Booking …' : 'Book'}
      </button>
      <p role="status" className="done">
        {state.done}
      </p>
      <p role="alert" className="problem">
        {state.problem}
      </p>
    </form>
  )
}
