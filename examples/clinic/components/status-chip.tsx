import type { AppointmentStatus } from '@clinic/schema'

const WORDS: Readonly<Record<AppointmentStatus, string>> = {
  booked: 'Booked',
  arrived: 'Arrived',
  done: 'Done',
  cancelled: 'Cancelled',
  missed: 'Missed',
}

/** How an appointment stands: by a word and a shape, and only then by a colour. */
export function StatusChip({ status }: { readonly status: AppointmentStatus }) {
  return (
    <span className={`chip chip-${status}`}>
      <svg viewBox="0 0 12 12" aria-hidden="true">
        <Shape status={status} />
      </svg>
      {WORDS[status]}
    </span>
  )
}

function Shape({ status }: { readonly status: AppointmentStatus }) {
  switch (status) {
    case 'booked':
      return <circle cx="6" cy="6" r="4" className="outline" />
    case 'arrived':
      return <circle cx="6" cy="6" r="5" className="solid" />
    case 'done':
      return <path d="M1.5 6.5 4.500 9.500 10.500 2.500" className="outline" />
    case 'cancelled':
      return <path d="M2 6h8" className="outline" />
    case 'missed':
      return <path d="m2 2 8 8M10 2l-8 8" className="outline" />
  }
}
