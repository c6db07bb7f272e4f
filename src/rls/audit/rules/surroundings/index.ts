import type { AuditRule } from '../../audit-rule.ts'

/** What stands around the tables: triggers, functions, publications, the server, the pooler, the application's source. */
export const SURROUNDING_RULES: readonly AuditRule[] = []
