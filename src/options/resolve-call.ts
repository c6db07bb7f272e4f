import { orderSettingValues } from '../context/settings.ts'
import type { TransactionRequest } from '../transaction/with-tenant.ts'
import type { CallOptions, TransactionOptions } from './options.ts'
import { type ResolvedOptions, resolveTimeout } from './resolve-options.ts'

/** Options of a call after every check. */
export type ResolvedCall = Pick<TransactionRequest, 'settings' | 'readOnly' | 'timeoutMs'>

type Given<Options> = { readonly [Name in keyof Options]: Options[Name] | undefined }

/** @throws {SettingInvalidError} {@link ConfigError} */
export function resolveCall(
  resolved: ResolvedOptions,
  { settings, readOnly = false, timeoutMs }: Given<CallOptions>,
): ResolvedCall {
  return {
    settings: settings && orderSettingValues(resolved.settings, settings),
    readOnly,
    timeoutMs: resolveTimeout(timeoutMs, resolved.timeoutMs, 'options.timeoutMs'),
  }
}

/** @throws {SettingInvalidError} {@link ConfigError} */
export function resolveTransaction(
  resolved: ResolvedOptions,
  options: TransactionOptions,
): Omit<TransactionRequest, 'tenant'> {
  const { isolation, deferrable, retry, signal, receipt } = options
  return { ...resolveCall(resolved, options), isolation, deferrable, retry, signal, receipt }
}
