import type { AuditRule } from '../../audit-rule.ts'
import { cascadeAcrossTenants } from './cascade-across-tenants.ts'
import { foreignKeyAcrossTenants } from './foreign-key-across-tenants.ts'
import { indexDeadUnderRls } from './index-dead-under-rls.ts'
import { keyAcrossTenants } from './key-across-tenants.ts'
import { tablePrivileges } from './table-privileges.ts'
import { tableRule } from './table-rule.ts'
import { temporaryOrCreate } from './temporary-or-create.ts'
import { tenantIndexMissing } from './tenant-index-missing.ts'
import { tenantNullable } from './tenant-nullable.ts'
import { tenantUpdatable } from './tenant-updatable.ts'
import { uniqueAcrossTenants } from './unique-across-tenants.ts'

/**
 * Keys, indexes and privileges on tables of tenants.
 *
 * Foreign keys come before the keys that they refer to: a key can be replaced once no foreign key needs it any more, and
 * the statements of all findings are run in this order.
 */
export const KEY_RULES: readonly AuditRule[] = [
  tenantNullable,
  tenantUpdatable,
  foreignKeyAcrossTenants,
  cascadeAcrossTenants,
  uniqueAcrossTenants,
  keyAcrossTenants,
  tenantIndexMissing,
  indexDeadUnderRls,
  tablePrivileges,
  temporaryOrCreate,
  tableRule,
]
