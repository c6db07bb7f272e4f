import type { ChartRecord, RecordKind } from '@clinic/schema'
import { clockOf, dayOf } from '../lib/times.ts'

const WORDS: Readonly<Record<RecordKind, string>> = {
  note: 'Note',
  diagnosis: 'Diagnosis',
  prescription: 'Prescription',
  result: 'Result',
}

/** The entries of a chart, newest first. */
export function ChartEntries({
  records,
  timeZone,
}: {
  readonly records: readonly ChartRecord[]
  readonly timeZone: string
}) {
  if (records.length === 0) return <p className="empty">Nothing has been written yet.</p>
  return (
    <ol className="entries">
      {records.map(({ id, recordedAt, kind, body, author }) => (
        <li key={id} className={`entry entry-${kind}`}>
          <p className="entry-head">
            <span className="kind">{WORDS[kind]}</span>
            <time className="muted" dateTime={recordedAt.toISOString()}>
              {dayOf(recordedAt, timeZone)}, {clockOf(recordedAt, timeZone)}
            </time>
          </p>
          <p className="entry-body">{body}</p>
          <p className="muted entry-author">{author}</p>
        </li>
      ))}
    </ol>
  )
}
