import type { AuditRule } from '../audit-rule.ts'
import { ACCESS_RULES } from './access/index.ts'
import { KEY_RULES } from './keys/index.ts'
import { POLICY_RULES } from './policies/index.ts'
import { SURROUNDING_RULES } from './surroundings/index.ts'

/** Every rule, in the order in which an audit reports. */
export const RULES: readonly AuditRule[] = [
  ...ACCESS_RULES,
  ...POLICY_RULES,
  ...KEY_RULES,
  ...SURROUNDING_RULES,
]
