import type { ReactNode } from 'react'
import type { PatientRow } from '../data/patients.ts'
import { ageOn, shortDay, todayIn } from '../lib/times.ts'

interface Props {
  readonly patient: PatientRow
  readonly timeZone: string
  readonly children?: ReactNode
}

/** Who it is about. */
export function PersonHead({ patient, timeZone, children }: Props) {
  const { givenName, familyName, birthDate, chartNumber } = patient
  return (
    <header className="page-head person-head">
      <div>
        <p className="eyebrow">Chart {chartNumber}</p>
        <h1>
          {givenName} {familyName}
        </h1>
        <p className="muted">
          born {shortDay(birthDate)}, {ageOn(birthDate, todayIn(timeZone))} years old
        </p>
      </div>
      {children && <div className="days">{children}</div>}
    </header>
  )
}
