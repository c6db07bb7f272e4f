import type { AttentionItem, Verdict } from '../view/attention.ts'
import { StatusMark } from './status-mark.tsx'

/** How it stands in a line, said aloud when it changes, and what to look at first. */
export function AttentionList({
  verdict,
  items,
}: {
  readonly verdict: Verdict
  readonly items: readonly AttentionItem[]
}) {
  return (
    <section className={`verdict verdict-${verdict.status}`} aria-labelledby="verdict-title">
      <h2 id="verdict-title" className="visually-hidden">
        How it stands
      </h2>
      <p role="status" className="verdict-line">
        <StatusMark status={verdict.status} label={verdict.title} />
      </p>
      {items.length === 0 ? null : (
        <ul className="verdict-list">
          {items.map(({ status, title, detail, anchor }) => (
            <li key={`${anchor} ${title}`}>
              <StatusMark status={status} label="" />
              <a href={`#${anchor}`} className="verdict-link">
                {title}
              </a>{' '}
              <span className="muted">{detail}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
