import type { Finding } from '../finding.ts'
import { placeOf } from './place.ts'
import { printable } from './printable.ts'
import { countOf, SEVERITIES, tally } from './tally.ts'

/** Writes findings for a person to read, the worst first. Each part of one is kept to a line of its own, whatever is in a name. */
export function toText(findings: readonly Finding[]): string {
  const groups = SEVERITIES.map((severity) => ({
    severity,
    found: findings.filter((finding) => finding.severity === severity),
  }))
  const sections = groups
    .filter(({ found }) => found.length > 0)
    .map(({ severity, found }) =>
      [`${countOf(severity, found.length)}:`, ...found.map(describe)].join('\n\n'),
    )
  return [...sections, `Found: ${tally(findings)}.`].join('\n\n')
}

function describe({ rule, message, fix, ...finding }: Finding): string {
  return [
    `  ${printable(placeOf(finding))}  [${rule}]`,
    `    ${printable(message)}`,
    `    Fix: ${printable(fix)}`,
  ].join('\n')
}
