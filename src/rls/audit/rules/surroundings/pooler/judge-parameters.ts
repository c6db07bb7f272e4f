import type { Found } from '../../../audit-rule.ts'
import { isAtLeast, listOf, type PoolerFacts } from './pooler-facts.ts'

/**
 * What PostgreSQL 15 to 18 reports to clients, in lower case: pgbouncer can follow nothing else. Citus has
 * search_path reported before 18 too.
 *
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-ASYNC
 */
const REPORTED = new Set([
  'application_name',
  'client_encoding',
  'datestyle',
  'default_transaction_read_only',
  'in_hot_standby',
  'integer_datetimes',
  'intervalstyle',
  'is_superuser',
  'scram_iterations',
  'search_path',
  'server_encoding',
  'server_version',
  'session_authorization',
  'standard_conforming_strings',
  'timezone',
])

/** What decides which rows are seen or how long a statement runs: it must not be dropped in silence. */
const DECISIVE = new Set([
  'options',
  'role',
  'search_path',
  'row_security',
  'statement_timeout',
  'lock_timeout',
  'idle_in_transaction_session_timeout',
  'transaction_timeout',
  'default_transaction_read_only',
  'default_transaction_isolation',
])

/**
 * Judges what pgbouncer does with the parameters that a client connects with. `context` are the settings that
 * policies read.
 */
export function judgeParameters(facts: PoolerFacts, context: readonly string[]): readonly Found[] {
  const policies = new Set(context.map((name) => name.toLowerCase()))
  return [...judgeTracked(facts, policies), ...judgeSearchPath(facts), ...judgeIgnored(facts, policies)]
}

/**
 * Ran with 1.24: a client that asks for one tenant in its startup packet is let in, and works as the one that is left
 * there.
 */
function judgeTracked(facts: PoolerFacts, policies: ReadonlySet<string>): readonly Found[] {
  const vain = listOf(facts, 'track_extra_parameters').filter((name) => !REPORTED.has(name))
  return vain.map((name) => ({
    object: 'pgbouncer',
    severity: policies.has(name) ? 'error' : 'warning',
    message: `track_extra_parameters names ${name}, which PostgreSQL does not report, so that pgbouncer cannot follow it: a client that sets it leaves it to the next, and one that connects with it gets whatever was left.`,
    fix: `Take ${name} out of track_extra_parameters, and set it in each transaction.`,
  }))
}

/** CVE-2025-12819, closed in 1.25.1. */
function judgeSearchPath(facts: PoolerFacts): readonly Found[] {
  const { version, config } = facts
  const query = config.get('auth_query') ?? ''
  if (
    version === undefined ||
    isAtLeast(version, '1.25.1') ||
    !listOf(facts, 'track_extra_parameters').includes('search_path') ||
    !config.get('auth_user') ||
    isQualified(query)
  ) {
    return []
  }
  return [
    {
      object: 'pgbouncer',
      severity: 'error',
      message: `CVE-2025-12819 is open in pgbouncer ${version}: it follows search_path, and auth_query names operators or tables without their schema, so that whoever reaches the port runs SQL as auth_user without logging in.`,
      fix: 'Upgrade pgbouncer to 1.25.1 or later, or let auth_query call one function by its qualified name.',
    },
  ]
}

/** One call of a function by its qualified name, and nothing else that search_path could give another meaning. */
function isQualified(query: string): boolean {
  return /^\s*select\s+[\w\s,*]+\s+from\s+\w+\.\w+\s*\(\s*\$1\s*\)\s*;?\s*$/i.test(query)
}

function judgeIgnored(facts: PoolerFacts, policies: ReadonlySet<string>): readonly Found[] {
  const dropped = listOf(facts, 'ignore_startup_parameters').filter(
    (name) => DECISIVE.has(name) || policies.has(name),
  )
  if (dropped.length === 0) return []
  return [
    {
      object: 'pgbouncer',
      severity: 'warning',
      message: `ignore_startup_parameters drops ${dropped.join(', ')} in silence: a client that connects with them believes that they hold, be it a timeout, a read-only session or its tenant.`,
      fix: 'Take them out, so that pgbouncer refuses what it cannot pass on; set them in each transaction or with ALTER ROLE.',
    },
  ]
}
