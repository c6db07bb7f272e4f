import type { AuditRule } from '../../audit-rule.ts'

/** What policies say. */
export const POLICY_RULES: readonly AuditRule[] = []
