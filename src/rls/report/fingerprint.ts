import { createHash } from 'node:crypto'
import type { Finding } from '../finding.ts'

/** What makes a finding the same one in a later audit. */
export type FindingIdentity = Pick<Finding, 'rule' | 'object' | 'message'>

/**
 * A short text that two findings share only if they are the same. The message is part of it, since it names the column or the policy:
 * a second defect of the same kind on a table is another finding.
 */
export function fingerprint({ rule, object, message }: FindingIdentity): string {
  return createHash('sha256')
    .update(JSON.stringify([rule, object, message]))
    .digest('hex')
}
