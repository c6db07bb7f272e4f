import Link from 'next/link'

export default function NotFound() {
  return (
    <main id="main" className="login">
      <div className="card">
        <h1>There is nothing here</h1>
        <p className="muted">The address is wrong, or it is not for you.</p>
        <p>
          <Link href="/">My clinics</Link>
        </p>
      </div>
    </main>
  )
}
