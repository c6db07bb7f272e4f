import type { Metadata } from 'next'
import Link from 'next/link'
import { clinicsAnswer } from '../lib/answers.ts'
import { read } from '../lib/core-api.ts'

export const metadata: Metadata = { title: 'My clinics' }
export const dynamic = 'force-dynamic'

/** No link is fetched ahead: that records were read is logged, and pointing at a clinic is not reading. */
export default async function Page() {
  const { clinics } = await read('/me/clinics', clinicsAnswer)
  return (
    <main id="main">
      <h1>My clinics</h1>
      <p className="muted">Each clinic sees only what it has written itself.</p>
      {clinics.length === 0 && <p>No clinic has shared a chart with you yet.</p>}
      <ul className="clinics">
        {clinics.map(({ slug, name }) => (
          <li key={slug}>
            <Link href={`/clinics/${slug}`} className="card" prefetch={false}>
              <span className="clinic-name">{name}</span>
              <span className="muted">Appointments and records</span>
            </Link>
          </li>
        ))}
      </ul>
    </main>
  )
}
