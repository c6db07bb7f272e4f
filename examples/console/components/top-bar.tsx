'use client'

import { StatusMark } from './status-mark.tsx'
import type { Liveness } from './use-live-view.ts'

const SECTIONS = [
  ['services', 'Services'],
  ['replicas', 'Replicas'],
  ['routing', 'Routing'],
  ['connections', 'Connections'],
  ['tenants', 'Clinics'],
  ['cache', 'Cache'],
  ['partitions', 'Partitions'],
  ['phase', 'Phase'],
  ['audit', 'Audit'],
] as const
const STATUS = { live: 'ok', paused: 'unknown', 'no answer': 'bad', 'signed out': 'bad' } as const
const WORDS = {
  live: 'Live',
  paused: 'Paused',
  'no answer': 'No answer',
  'signed out': 'Signed out',
} as const

export function TopBar({
  operator,
  phase,
  at,
  liveness,
  isPaused,
  onPause,
}: {
  readonly operator: string
  readonly phase: string
  readonly at: string
  readonly liveness: Liveness
  readonly isPaused: boolean
  readonly onPause: () => void
}) {
  return (
    <header className="top">
      <div className="top-row">
        <h1>
          Console <span className="pill">Phase {phase}</span>
        </h1>
        <p className="live">
          <StatusMark status={STATUS[liveness]} label={WORDS[liveness]} />
          <time dateTime={at} className="muted">
            {at.slice(11, 19)} UTC
          </time>
        </p>
        {liveness === 'signed out' ? (
          <a href="/login" className="button">
            Sign in again
          </a>
        ) : (
          <button type="button" onClick={onPause} aria-pressed={isPaused}>
            Pause
          </button>
        )}
        <form action="/logout" method="post">
          <span className="muted operator">{operator}</span>
          <button type="submit">Sign out</button>
        </form>
      </div>
      <nav aria-label="Sections">
        <ul className="nav-list">
          {SECTIONS.map(([id, title]) => (
            <li key={id}>
              <a href={`#${id}`} className="nav-link">
                {title}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </header>
  )
}
