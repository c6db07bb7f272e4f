'use client'

import { useActionState } from 'react'
import { bookAppointment } from '../actions/book-appointment.ts'
import { UNTRIED } from '../lib/form-state.ts'
import { FormEnd } from './form-end.tsx'

const LENGTHS = [15, 30, 45, 60]

export function AppointmentForm({
  patientId,
  tomorrow,
}: {
  readonly patientId: string
  readonly tomorrow: string
}) {
  const [{ values, problem }, action, isPending] = useActionState(bookAppointment, UNTRIED)
  return (
    <form action={action} className="form card">
      <input type="hidden" name="patientId" value={patientId} />
      <div className="field-row">
        <label className="field">
          <span>Day</span>
          <input name="day" type="date" required defaultValue={values.day ?? tomorrow} />
        </label>
        <label className="field">
          <span>Time</span>
          <input name="time" type="time" required step={300} defaultValue={values.time ?? '09:00'} />
        </label>
        <label className="field">
          <span>Length</span>
          <select name="minutes" defaultValue={values.minutes ?? '15'}>
            {LENGTHS.map((minutes) => (
              <option key={minutes} value={minutes}>
                {minutes} minutes
              </option>
            ))}
          </select>
        </label>
      </div>
      <p className="hint">As the clock on the clinic’s wall shows it.</p>
      <FormEnd
        problem={problem}
        isPending={isPending}
        words="Book appointment"
        back={`/patients/${patientId}`}
      />
    </form>
  )
}
