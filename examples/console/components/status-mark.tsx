import type { Status } from '../view/status.ts'

const WORDS: Readonly<Record<Status, string>> = { ok: 'OK', warn: 'Look', bad: 'Bad', unknown: 'Unseen' }

/** A disc, a triangle, a square or a ring: told apart without colour. */
function Shape({ status }: { readonly status: Status }) {
  switch (status) {
    case 'ok':
      return <circle cx="6" cy="6" r="4.5" fill="currentColor" />
    case 'warn':
      return <path d="M6 .8 11.7 11H.3z" fill="currentColor" />
    case 'bad':
      return <path d="M1 1h10v10H1z" fill="currentColor" />
    case 'unknown':
      return <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="2" />
  }
}

/** How something stands, as a shape and a word. */
export function StatusMark({ status, label }: { readonly status: Status; readonly label?: string }) {
  return (
    <span className={`mark mark-${status}`}>
      <svg viewBox="0 0 12 12" aria-hidden="true">
        <Shape status={status} />
      </svg>
      <span>{label ?? WORDS[status]}</span>
    </span>
  )
}
