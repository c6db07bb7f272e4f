import type { AuditRule } from '../../audit-rule.ts'

/** Keys, indexes and privileges on tables of tenants. */
export const KEY_RULES: readonly AuditRule[] = []
