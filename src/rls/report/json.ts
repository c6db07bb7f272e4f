import type { Finding } from '../finding.ts'

/** Writes the JSON document of an audit or a probe, in one line: `{ "findings": [...] }`. */
export function toJson(findings: readonly Finding[]): string {
  return JSON.stringify({
    findings: findings.map(({ rule, severity, object, line, message, fix }) => ({
      rule,
      severity,
      object,
      line,
      message,
      fix,
    })),
  })
}
