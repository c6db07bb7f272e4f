import type { Appointment, Clinic } from '../lib/answers.ts'
import { momentWords, STATUS_WORDS } from '../lib/words.ts'
import { CancelForm } from './cancel-form.tsx'

interface Props {
  readonly clinic: Clinic
  readonly appointments: readonly Appointment[]
  /** Said where there are none. */
  readonly none: string
}

export function AppointmentList({ clinic, appointments, none }: Props) {
  if (appointments.length === 0) return <p className="card quiet">{none}</p>
  const now = new Date().toISOString()
  return (
    <ul className="rows card">
      {appointments.map(({ id, startsAt, minutes, status }) => {
        const moment = momentWords(startsAt, clinic.timeZone)
        return (
          <li key={id}>
            <div>
              <time dateTime={startsAt}>{moment}</time>
              <span className="muted"> · {minutes} minutes</span>
            </div>
            {status === 'booked' && startsAt >= now ? (
              <CancelForm slug={clinic.slug} appointmentId={id} moment={moment} />
            ) : (
              <span className={`state ${status}`}>{STATUS_WORDS[status]}</span>
            )}
          </li>
        )
      })}
    </ul>
  )
}
