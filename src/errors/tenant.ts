import { LeaseholdError } from './leasehold-error.ts'

/** No tenant was given: `undefined`, `null` or an empty string. */
export class TenantRequiredError extends LeaseholdError {
  readonly code = 'LSH_ERR_TENANT_REQUIRED'
  readonly retryable = false
}

/** The given tenant id does not have the form that the tenant parser accepts. */
export class TenantInvalidError extends LeaseholdError {
  readonly code = 'LSH_ERR_TENANT_INVALID'
  readonly retryable = false
}

/** A transaction, or a scope, of one tenant was asked for inside that of another. */
export class TenantMismatchError extends LeaseholdError {
  readonly code = 'LSH_ERR_TENANT_MISMATCH'
  readonly retryable = false
}

/** The tenant of the current scope was asked for outside of any. Nothing was sent. */
export class ScopeRequiredError extends LeaseholdError {
  readonly code = 'LSH_ERR_SCOPE_REQUIRED'
  readonly retryable = false
}

/** A further setting of the tenant context is not declared, or its value is not a string without NUL. */
export class SettingInvalidError extends LeaseholdError {
  readonly code = 'LSH_ERR_SETTING_INVALID'
  readonly retryable = false
}
