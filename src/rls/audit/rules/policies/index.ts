import type { AuditRule } from '../../audit-rule.ts'
import { bypassSetting } from './bypass-setting.ts'
import { checkDropsTenant } from './check-drops-tenant.ts'
import { defaultTenant } from './default-tenant.ts'
import { immutableSettingFunction } from './immutable-setting-function.ts'
import { noRestrictiveFloor } from './no-restrictive-floor.ts'
import { nullifMissing } from './nullif-missing.ts'
import { openWithoutContext } from './open-without-context.ts'
import { otherSetting } from './other-setting.ts'
import { policyAlwaysTrue } from './policy-always-true.ts'
import { policyDrift } from './policy-drift.ts'
import { policyMissesRole } from './policy-misses-role.ts'
import { policyReadsOpenTable } from './policy-reads-open-table.ts'
import { settingPerRow } from './setting-per-row.ts'
import { tenantColumnCast } from './tenant-column-cast.ts'

/** What policies say. */
export const POLICY_RULES: readonly AuditRule[] = [
  policyAlwaysTrue,
  checkDropsTenant,
  noRestrictiveFloor,
  openWithoutContext,
  bypassSetting,
  defaultTenant,
  otherSetting,
  policyDrift,
  nullifMissing,
  settingPerRow,
  tenantColumnCast,
  immutableSettingFunction,
  policyReadsOpenTable,
  policyMissesRole,
]
