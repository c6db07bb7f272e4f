import { quoteName } from '../../../sql/quote.ts'
import type { AuditRule, Found } from '../../audit-rule.ts'
import type { AuditSubject } from '../../audit-subject.ts'
import { judgeModes } from './pooler/judge-modes.ts'
import { judgeParameters } from './pooler/judge-parameters.ts'
import type { PoolerFacts } from './pooler/pooler-facts.ts'
import { readPooler } from './pooler/read-pooler.ts'

const OBJECT = 'pgbouncer'

/** The pooler in front of the database, by its administration console; says nothing when none is named. */
export const poolerSettings: AuditRule = {
  id: 'pooler-settings',
  title: 'The pooler carries state from one client to another',
  severity: 'warning',
  find: async (subject) => {
    const { poolerUrl, appRole, tenantSetting, settings } = subject.options
    if (poolerUrl === undefined) return []
    const database = await nameDatabase(subject)
    let facts: PoolerFacts
    try {
      facts = await readPooler(poolerUrl, { database, appRole })
    } catch (error) {
      return [unread(error)]
    }
    if (facts.version === undefined) return [unread(undefined)]
    return [
      ...judgeModes(facts, appRole),
      ...judgeParameters(facts, [tenantSetting, ...settings]),
      ...(await judgeUsers(facts, subject)),
    ]
  },
}

async function nameDatabase(subject: AuditSubject): Promise<string> {
  const [row] = await subject.rows<{ name: string }>('select pg_catalog.current_database() as name')
  return row?.name ?? ''
}

/** The audit judges the application's role; behind a forced user it is another one that asks. */
async function judgeUsers({ databases }: PoolerFacts, subject: AuditSubject): Promise<readonly Found[]> {
  const others = databases.filter(
    ({ forcedUser }) => forcedUser !== undefined && forcedUser !== subject.options.appRole,
  )
  if (others.length === 0) return []
  const rows = await subject.rows<{ name: string }>(EXEMPT_QUERY)
  const exempt = new Set<string | undefined>(rows.map(({ name }) => name))
  return others.map(({ name, forcedUser = '' }) => ({
    object: `${OBJECT} database ${quoteName(name)}`,
    severity: exempt.has(forcedUser) ? 'error' : 'warning',
    message: `Whoever connects becomes ${quoteName(forcedUser)} at the server, ${
      exempt.has(forcedUser) ? 'past whom no policy stands' : 'whose rights this audit has not judged'
    }.`,
    fix: `Take user= out of the database's line, or audit as ${quoteName(forcedUser)} with --app-role.`,
  }))
}

const EXEMPT_QUERY = 'select rolname as name from pg_catalog.pg_roles where rolsuper or rolbypassrls'

/** The error's text can hold the connection string, so its code alone is shown. */
function unread(error: unknown): Found {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
  return {
    object: OBJECT,
    message: `The pooler's console could not be read${code === undefined ? '' : ` (${code})`}, so that nothing is known of its settings.`,
    fix: 'Name the database pgbouncer in the URL, and a user who is in admin_users or stats_users.',
  }
}
