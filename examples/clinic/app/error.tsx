'use client'

/** Shown for what no page foresees, most often a database that is restarting. Says nothing of the error: it may name rows. */
export default function Failed({ reset }: { readonly reset: () => void }) {
  return (
    <main className="login">
      <div className="login-card">
        <h1>That did not work</h1>
        <p className="muted">The service is busy or restarting. Nothing that was confirmed is lost.</p>
        <p className="actions">
          <button type="button" className="button primary" onClick={reset}>
            Try again
          </button>
        </p>
      </div>
    </main>
  )
}
