import { NestingError } from '../errors/outcome.ts'
import { TenantMismatchError } from '../errors/tenant.ts'
import type { Transaction } from './transaction.ts'
import type { TransactionRequest } from './transaction-request.ts'

/**
 * Refuses a call that cannot join the transaction around it.
 *
 * @throws {TenantMismatchError} {@link NestingError}
 */
export function refuseUnlike(outer: Transaction, asked: TransactionRequest): void {
  const { tenant, settings, readOnly, isolation, deferrable, receipt } = asked
  if (tenant !== outer.context.tenant) {
    throw new TenantMismatchError(
      'withTenant was called for one tenant inside a transaction of another. Finish the outer transaction ' +
        'first, or do the work of both tenants one after the other.',
    )
  }
  if (!readOnly && outer.context.readOnly) {
    throw new NestingError(
      'A read-write transaction was asked for inside a read-only one, which it would join. Open the outer ' +
        'one read-write, or ask for { readOnly: true } inside.',
    )
  }
  if (isolation !== undefined && isolation !== outer.begin.isolation) {
    throw new NestingError(
      `Isolation "${isolation}" was asked for inside a transaction at "${outer.begin.isolation}", which it would ` +
        'join. Ask for it at the outermost withTenant.',
    )
  }
  if (deferrable && !outer.begin.deferrable) {
    throw new NestingError(
      'A deferrable transaction was asked for inside one that is not, which it would join. Ask for it at the ' +
        'outermost withTenant.',
    )
  }
  if (receipt !== undefined) {
    throw new NestingError(
      'A receipt was asked for inside a transaction, of which the call is only a part. Give it to the outermost ' +
        'withTenant.',
    )
  }
  if (settings?.some((value, index) => value !== outer.context.settings[index])) {
    throw new NestingError(
      'Other values for the settings were asked for inside a transaction, which they would change for the rest ' +
        'of it. Give them at the outermost withTenant.',
    )
  }
}
