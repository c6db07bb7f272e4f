import type { ClinicalRecord } from '../lib/answers.ts'
import { dayWords, KIND_WORDS } from '../lib/words.ts'

export function RecordList({
  records,
  timeZone,
}: {
  readonly records: readonly ClinicalRecord[]
  readonly timeZone: string
}) {
  if (records.length === 0) return <p className="card quiet">Nothing yet.</p>
  return (
    <ul className="records">
      {records.map(({ id, recordedAt, kind, body, author }) => (
        <li key={id} className="card">
          <h3>{KIND_WORDS[kind]}</h3>
          <p className="body">{body}</p>
          <p className="muted">
            {author}, <time dateTime={recordedAt}>{dayWords(recordedAt, timeZone)}</time>
          </p>
        </li>
      ))}
    </ul>
  )
}
