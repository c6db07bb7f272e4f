import { orderSettingValues } from '../context/settings.ts'
import { ConfigError } from '../errors/config.ts'
import type { TransactionRequest } from '../transaction/transaction-request.ts'
import type { CallOptions, TransactionOptions } from './options.ts'
import { type ResolvedOptions, resolveTimeout } from './resolve-options.ts'

/** Options of a call after every check. */
export type ResolvedCall = Pick<TransactionRequest, 'settings' | 'readOnly' | 'timeoutMs' | 'signal'>

type Given<Options> = { readonly [Name in keyof Options]?: Options[Name] | undefined }

/** @throws {SettingInvalidError} {@link ConfigError} */
export function resolveCall(
  resolved: ResolvedOptions,
  { settings, route, readOnly = route === 'replica', timeoutMs, signal }: Given<CallOptions>,
): ResolvedCall {
  if (route === 'replica' && !readOnly) {
    throw new ConfigError(
      "options.route is 'replica' and options.readOnly is false: a replica takes no writes.",
    )
  }
  return {
    settings: settings && orderSettingValues(resolved.settings, settings),
    readOnly,
    timeoutMs: resolveTimeout(timeoutMs, resolved.timeoutMs, 'options.timeoutMs'),
    signal,
  }
}

/** @throws {SettingInvalidError} {@link ConfigError} */
export function resolveTransaction(
  resolved: ResolvedOptions,
  options: TransactionOptions,
): Omit<TransactionRequest, 'tenant'> {
  const { isolation, deferrable, retry, receipt } = options
  return { ...resolveCall(resolved, options), isolation, deferrable, retry, receipt }
}
