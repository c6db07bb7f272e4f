import type { AuditView } from '../view/audit-view.ts'
import { Section } from './section.tsx'
import { StatusMark } from './status-mark.tsx'

export function AuditSection({ audits }: { readonly audits: readonly AuditView[] }) {
  return (
    <Section
      id="audit"
      title="Audit"
      note="Known ways past the wall between tenants, looked for once a minute"
      wide
    >
      {audits.map(({ database, status, note, at, findings }) => (
        <div key={database} className="audit">
          <h3>
            Server {database} <StatusMark status={status} />
          </h3>
          <p className="muted">
            {note} · <time dateTime={at}>{at.slice(11, 19)} UTC</time>
          </p>
          {findings.length === 0 ? null : (
            <ul className="findings">
              {findings.map(({ key, rule, object, message, fix, status: each, severity }) => (
                <li key={key}>
                  <details>
                    <summary>
                      <StatusMark status={each} label={severity} /> <code>{rule}</code> <span>{object}</span>{' '}
                      <span className="muted gist">{message}</span>
                    </summary>
                    <p>{message}</p>
                    <p className="muted">{fix}</p>
                  </details>
                </li>
              ))}
            </ul>
          )}
        </div>
      ))}
    </Section>
  )
}
