import type { AuditFinding, Observation } from '../collect/observation.ts'
import type { Status } from './status.ts'

/** What the audit found in one database. */
export interface AuditView {
  readonly database: string
  readonly status: Status
  readonly note: string
  /** ISO 8601. */
  readonly at: string
  readonly findings: readonly FindingView[]
}

export interface FindingView extends AuditFinding {
  readonly key: string
  readonly status: Status
}

const STATUS: Readonly<Record<AuditFinding['severity'], Status>> = {
  error: 'bad',
  warning: 'warn',
  info: 'unknown',
}
const ORDER: readonly AuditFinding['severity'][] = ['error', 'warning', 'info']

/** Findings, the gravest first. */
export function viewAudits({ databases }: Observation): readonly AuditView[] {
  return databases.map(({ name: database, findings }): AuditView => {
    const at = new Date(findings.atMs).toISOString()
    if (!findings.ok) return { database, status: 'unknown', note: findings.reason, at, findings: [] }
    const sorted = findings.value
      .toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity))
      .map((finding, index) => ({
        ...finding,
        key: `${finding.rule} ${finding.object} ${index}`,
        status: STATUS[finding.severity],
      }))
    const times = (severity: AuditFinding['severity']) =>
      sorted.filter((finding) => finding.severity === severity).length
    const [errors, warnings] = [times('error'), times('warning')]
    const status = errors > 0 ? 'bad' : warnings > 0 ? 'warn' : 'ok'
    const note =
      errors + warnings === 0
        ? 'No way past the wall between tenants was found'
        : [words(errors, 'error'), words(warnings, 'warning')].filter(Boolean).join(', ')
    return { database, status, note, at, findings: sorted }
  })
}

function words(times: number, what: string): string {
  return times === 0 ? '' : `${times} ${what}${times === 1 ? '' : 's'}`
}
