import type { Metadata } from 'next'
import Link from 'next/link'

export const metadata: Metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <section className="alone">
      <h1>There is nothing here</h1>
      <p className="muted">The address may be mistyped, or what it names is not this clinic’s.</p>
      <p className="actions">
        <Link className="button" href="/" prefetch={false}>
          Today’s appointments
        </Link>
      </p>
    </section>
  )
}
