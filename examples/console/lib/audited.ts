import { SETTINGS } from '@clinic/kit'
import type { AuditOptions } from 'leasehold/rls'

/** The application, as the audit has to know it. */
export const audited: AuditOptions = {
  appRole: 'app',
  tenantColumn: 'tenant_id',
  tenantColumns: {},
  tenantSetting: 'app.tenant_id',
  settings: SETTINGS,
  shared: ['public.organization_domains'],
  backupRoles: [],
  sources: [],
}
