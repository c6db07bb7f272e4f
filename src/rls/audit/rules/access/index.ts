import type { AuditRule } from '../../audit-rule.ts'
import { defaultPrivilegesExpose } from './default-privileges-expose.ts'
import { definerFunction } from './definer-function.ts'
import { definerSearchPath } from './definer-search-path.ts'
import { forceMissing } from './force-missing.ts'
import { loginRoleBypasses } from './login-role-bypasses.ts'
import { loginRolePrivileged } from './login-role-privileged.ts'
import { materializedView } from './materialized-view.ts'
import { partitionExposed } from './partition-exposed.ts'
import { policiesWithoutRls } from './policies-without-rls.ts'
import { rlsDisabled } from './rls-disabled.ts'
import { undeclaredSharedTable } from './undeclared-shared-table.ts'
import { viewWithoutInvoker } from './view-without-invoker.ts'

/** What may be reached at all: tables, views, functions, and the roles that reach them. */
export const ACCESS_RULES: readonly AuditRule[] = [
  rlsDisabled,
  undeclaredSharedTable,
  policiesWithoutRls,
  forceMissing,
  loginRoleBypasses,
  loginRolePrivileged,
  viewWithoutInvoker,
  materializedView,
  definerFunction,
  definerSearchPath,
  partitionExposed,
  defaultPrivilegesExpose,
]
