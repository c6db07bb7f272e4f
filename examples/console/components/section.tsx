import type { ReactNode } from 'react'

/** One part of the page, with a heading that it can be reached by. */
export function Section({
  id,
  title,
  note,
  wide = false,
  children,
}: {
  readonly id: string
  readonly title: string
  readonly note?: ReactNode
  readonly wide?: boolean
  readonly children: ReactNode
}) {
  return (
    <section id={id} aria-labelledby={`${id}-title`} className={wide ? 'card wide' : 'card'} tabIndex={-1}>
      <header className="card-head">
        <h2 id={`${id}-title`}>{title}</h2>
        {note === undefined ? null : <p className="muted">{note}</p>}
      </header>
      {children}
    </section>
  )
}
