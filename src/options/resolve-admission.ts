import type { AdmissionRules } from '../admission/admission-rules.ts'
import { ConfigError } from '../errors/config.ts'

/**
 * Checks the option `admission`.
 *
 * @throws {ConfigError} naming the option's path
 */
export function resolveAdmission(rules: AdmissionRules = {}): AdmissionRules {
  if (typeof rules !== 'object' || rules === null) {
    throw new ConfigError('options.admission must be an object.')
  }
  const { maxQueue, maxQueuePerTenant, weight } = rules
  if (weight !== undefined && typeof weight !== 'function') {
    throw new ConfigError('options.admission.weight must be a function that turns a TenantId into a number.')
  }
  refuseUnlessCount(maxQueue, 'options.admission.maxQueue')
  refuseUnlessCount(maxQueuePerTenant, 'options.admission.maxQueuePerTenant')
  return Object.freeze({ ...rules })
}

function refuseUnlessCount(value: unknown, path: string): void {
  if (value === undefined || (Number.isSafeInteger(value) && Number(value) >= 0)) return
  throw new ConfigError(`${path} must be a number of callers, a whole one from 0.`)
}
