import type { PartitionStep } from '../plan/step.ts'
import { SET_TRANSACTION } from './session-settings.ts'

/**
 * The statements of a step as one message in one transaction: while locks are held, nothing goes over the wire and back.
 *
 * @param isPooled whether the session is not to be set, and the transaction has to be
 */
export function transactionText(
  { statements, lockTimeoutMs }: Pick<PartitionStep, 'statements' | 'lockTimeoutMs'>,
  isPooled: boolean,
): string {
  return [
    'begin;',
    `set local lock_timeout = ${lockTimeoutMs};`,
    ...(isPooled ? [SET_TRANSACTION] : []),
    ...statements,
    'commit;',
  ].join('\n')
}
