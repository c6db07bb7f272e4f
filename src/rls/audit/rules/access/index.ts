import type { AuditRule } from '../../audit-rule.ts'
import { rlsDisabled } from './rls-disabled.ts'

/** What may be reached at all: tables, views, functions, and the roles that reach them. */
export const ACCESS_RULES: readonly AuditRule[] = [rlsDisabled]
