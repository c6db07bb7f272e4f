import { createHash } from 'node:crypto'
import type { Finding } from '../finding.ts'

/** What makes a finding the same one in a later audit. */
export type FindingIdentity = Pick<Finding, 'rule' | 'object' | 'message'>

/**
 * A short text that two findings share only if they are the same, and `before` of them come first. The message is part of it, since it names the column or the policy:
 * a second defect of the same kind on a table is another finding.
 */
function fingerprint({ rule, object, message }: FindingIdentity, before: number): string {
  return createHash('sha256')
    .update(JSON.stringify([rule, object, message, ...(before > 0 ? [before] : [])]))
    .digest('hex')
}

/**
 * One for each finding, all of them different: what is found twice in one file is told apart by its order, as lines move whenever
 * something is written above them.
 */
export function fingerprints(findings: readonly FindingIdentity[]): readonly string[] {
  const met = new Map<string, number>()
  return findings.map((finding) => {
    const first = fingerprint(finding, 0)
    const before = met.get(first) ?? 0
    met.set(first, before + 1)
    return before === 0 ? first : fingerprint(finding, before)
  })
}
