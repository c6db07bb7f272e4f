import type { LockMode } from '../policy/policy-statement.ts'
import type { RolloutLimits } from './rollout-limits.ts'
import type { RolloutStep } from './rollout-step.ts'

/** When the locks were had, kept for the transaction. */
const LOCKED_AT = 'leasehold.locked_at'

/**
 * A brief step as one message: the wire's delay does not count while locks are held. The locks come first, all of them, so
 * that what follows waits for nobody; each statement then has what is left of the time for all.
 */
export function briefText(
  { parts, locks }: RolloutStep,
  { lockTimeoutMs, holdTimeoutMs }: RolloutLimits,
): string {
  const byMode = Map.groupBy(locks, ({ mode }) => mode)
  return [
    'begin;',
    `set local lock_timeout = ${lockTimeoutMs};`,
    // Bounds the wait for several locks together, which lock_timeout bounds one by one.
    `set local statement_timeout = ${lockTimeoutMs};`,
    ...[...byMode].map(([mode, tables]) => lockText(mode, tables)),
    `select pg_catalog.set_config('${LOCKED_AT}', pg_catalog.clock_timestamp()::text, true);`,
    ...parts.flatMap((part) => [remaining(holdTimeoutMs), part]),
    'commit;',
  ].join('\n')
}

function lockText(mode: LockMode, tables: readonly { readonly ident: string }[]): string {
  // Without ONLY the partitions of a table would be locked along with it, also where the step does not touch them.
  return `lock table ${tables.map(({ ident }) => `only ${ident}`).join(', ')} in ${mode.toLowerCase()} mode;`
}

function remaining(holdTimeoutMs: number): string {
  const held = `extract(epoch from pg_catalog.clock_timestamp() - pg_catalog.current_setting('${LOCKED_AT}')::pg_catalog.timestamptz)`
  return `select pg_catalog.set_config('statement_timeout', greatest(1, ${holdTimeoutMs} - 1000 * ${held})::pg_catalog.int4::text, true);`
}

/**
 * What holds for a long step: it blocks neither readers nor writers, so it may wait for its turn; and it works alone, so that
 * the server's other cores are left to those who use the table.
 */
export function longSettings({ longTimeoutMs }: RolloutLimits): string {
  return `set lock_timeout = 0; set statement_timeout = ${longTimeoutMs}; set max_parallel_maintenance_workers = 0;`
}

/** Ends what {@link longSettings} and the runner have set. */
export const RESET_SETTINGS: string = [
  'search_path',
  'row_security',
  'lock_timeout',
  'statement_timeout',
  'max_parallel_maintenance_workers',
  'client_connection_check_interval',
]
  .map((name) => `reset ${name};`)
  .join(' ')

/** Milliseconds for which a step may make others wait, at most. */
export function boundMs(
  { kind, locks }: RolloutStep,
  { lockTimeoutMs, holdTimeoutMs }: RolloutLimits,
): number {
  return kind === 'brief' && locks.length > 0 ? lockTimeoutMs + holdTimeoutMs : 0
}
