import type { Finding, Severity } from '../finding.ts'

/** From the worst on. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info']

const NOUNS: Readonly<Record<Severity, readonly [one: string, many: string]>> = {
  error: ['error', 'errors'],
  warning: ['warning', 'warnings'],
  info: ['note', 'notes'],
}

/** Counts something in words: `1 error`, `3 notes`. */
export function countOf(severity: Severity, count: number): string {
  const [one, many] = NOUNS[severity]
  return `${count} ${count === 1 ? one : many}`
}

/** What was found, in a few words: `2 errors, 1 warning`; `nothing` where nothing was. */
export function tally(findings: readonly Finding[]): string {
  const counts = SEVERITIES.map((severity) => ({
    severity,
    count: findings.filter((finding) => finding.severity === severity).length,
  }))
  const words = counts.filter(({ count }) => count > 0).map(({ severity, count }) => countOf(severity, count))
  return words.join(', ') || 'nothing'
}
