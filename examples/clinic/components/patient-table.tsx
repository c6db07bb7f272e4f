import Link from 'next/link'
import type { PatientRow } from '../data/patients.ts'
import { shortDay } from '../lib/times.ts'

/** Patients by name. No link is fetched ahead: whoever reads a chart is logged, and pointing at a name is not reading. */
export function PatientTable({ patients }: { readonly patients: readonly PatientRow[] }) {
  return (
    <table className="patients">
      <caption className="visually-hidden">Patients by family name</caption>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Date of birth</th>
          <th scope="col" className="number">
            Chart
          </th>
        </tr>
      </thead>
      <tbody>
        {patients.map(({ id, givenName, familyName, birthDate, chartNumber }) => (
          <tr key={id}>
            <th scope="row">
              <Link className="row-link" href={`/patients/${id}`} prefetch={false}>
                <span>
                  <strong>{familyName}</strong>, {givenName}
                </span>
              </Link>
            </th>
            <td>{shortDay(birthDate)}</td>
            <td className="number">{chartNumber}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
