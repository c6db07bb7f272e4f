'use client'

export default function Failed({ reset }: { readonly reset: () => void }) {
  return (
    <main id="main" className="login">
      <div className="card">
        <h1>That did not work</h1>
        <p className="muted">Nothing is lost. Try again in a moment.</p>
        <button type="button" className="primary" onClick={reset}>
          Try again
        </button>
      </div>
    </main>
  )
}
