import { quoteName } from '../../../../sql/quote.ts'
import type { Found } from '../../../audit-rule.ts'
import { isAtLeast, type PoolerFacts } from './pooler-facts.ts'

/** A pool mode, and for what it holds. */
interface HeldMode {
  readonly mode: string
  readonly object: string
}

/** Judges how pgbouncer hands a server connection from one client to the next. */
export function judgeModes(facts: PoolerFacts, appRole: string): readonly Found[] {
  return heldModes(facts, appRole).flatMap(({ mode, object }) => {
    switch (mode) {
      case 'session':
        return judgeSession(facts, object)
      case 'statement':
        return [{ object, ...STATEMENT_MODE }]
      default:
        return [...judgePrepared(facts, object), ...judgeReset(facts, object)]
    }
  })
}

const STATEMENT_MODE = {
  severity: 'warning' as const,
  message:
    'pool_mode is statement: pgbouncer refuses BEGIN, so that no transaction of several statements works, and a SET of one client is met by another.',
  fix: 'Set pool_mode = transaction.',
}

/** A user's mode goes before a database's, and that before the pooler's own (`pool_pool_mode` in objects.c). */
function heldModes({ config, databases, userPoolMode }: PoolerFacts, appRole: string): readonly HeldMode[] {
  const general = config.get('pool_mode') ?? 'session'
  if (userPoolMode !== undefined)
    return [{ mode: userPoolMode, object: `pgbouncer user ${quoteName(appRole)}` }]
  if (databases.length === 0) return [{ mode: general, object: 'pgbouncer' }]
  return databases.map(({ name, poolMode }) => ({
    mode: poolMode ?? general,
    object: `pgbouncer database ${quoteName(name)}`,
  }))
}

/** In session mode the reset query is all that stands between two clients. */
function judgeSession({ config }: PoolerFacts, object: string): readonly Found[] {
  const reset = config.get('server_reset_query') ?? ''
  if (/\bdiscard\s+all\b/i.test(reset)) return []
  return [
    {
      object,
      severity: /\breset\s+all\b/i.test(reset) ? 'warning' : 'error',
      message: `pool_mode is session and server_reset_query is ${reset === '' ? 'empty' : JSON.stringify(reset)}: settings, temporary tables and locks that a client leaves behind are met by the next one.`,
      fix: 'Set server_reset_query = DISCARD ALL, or pool_mode = transaction.',
    },
  ]
}

function judgePrepared({ version, config }: PoolerFacts, object: string): readonly Found[] {
  const isOld = version !== undefined && !isAtLeast(version, '1.21')
  if (!isOld && config.get('max_prepared_statements') !== '0') return []
  return [
    {
      object,
      severity: 'warning',
      message: `${
        isOld
          ? `pgbouncer ${version} knows no named statements`
          : 'max_prepared_statements is 0, so that pgbouncer knows no named statements'
      } in transaction mode: a client that names one meets errors, or the statement of another client under the same name.`,
      fix: `${isOld ? 'Upgrade pgbouncer to 1.21 or later and set' : 'Set'} max_prepared_statements to 200, or name no statements (prepare: 'auto' sees to that).`,
    },
  ]
}

/** From 1.21 on pgbouncer prepares anew what the reset has dropped. */
function judgeReset({ version, config }: PoolerFacts, object: string): readonly Found[] {
  if (config.get('server_reset_query_always') !== '1') return []
  const breaks = version !== undefined && !isAtLeast(version, '1.21')
  return [
    {
      object,
      severity: breaks ? 'warning' : 'info',
      message: `server_reset_query_always is on: the server runs the reset query after each transaction, ${
        breaks
          ? 'which drops the named statements that clients count on'
          : 'and what leaves session state behind is not found out'
      }.`,
      fix: 'Set server_reset_query_always = 0; nothing that leasehold does needs it.',
    },
  ]
}
