import type { SourceFinding } from '../../../source/examine-source.ts'
import { examineSources } from '../../../source/examine-sources.ts'
import type { AuditRule, Found } from '../../audit-rule.ts'

/** The application's sources; says nothing when none are named. */
export const sourceText: AuditRule = {
  id: 'source-text',
  title: 'The program leaves state in a session, or asks without a tenant',
  severity: 'warning',
  find: async ({ options }) => {
    if (options.sources.length === 0) return []
    return (await examineSources(options.sources)).map(report)
  },
}

function report({ path, line, what, subject }: SourceFinding): Found {
  return { object: path, line, ...EXPLANATIONS[what](subject) }
}

type Explanation = Pick<Found, 'message' | 'fix' | 'severity'>

const LEFT = 'which stays behind on a connection that the next tenant uses'

const EXPLANATIONS: Readonly<Record<SourceFinding['what'], (subject: string) => Explanation>> = {
  'session-setting': (command) => ({
    message: `${command} changes a setting of the session, ${LEFT}.`,
    fix: 'Use SET LOCAL, or set_config(..., true), in the transaction; declare the settings that policies read in `settings`.',
  }),
  'notification-channel': (command) => ({
    message: `${command} subscribes the session: behind a pooler its notifications reach nobody, or the next client.`,
    fix: 'Listen on a direct connection of its own, which serves no tenant.',
  }),
  'held-cursor': () => ({
    message: `A cursor WITH HOLD outlives its transaction with the rows that it holds, ${LEFT}.`,
    fix: 'Declare it without HOLD, and fetch it in the transaction.',
  }),
  'advisory-lock': (command) => ({
    message: `${command} locks for the session, ${LEFT}: the lock may never be given back.`,
    fix: 'Use pg_advisory_xact_lock() or pg_try_advisory_xact_lock().',
  }),
  'prepared-statement': (command) => ({
    message: `${command} makes a statement of the session, ${LEFT}.`,
    fix: 'Send the statement itself with its values; leasehold prepares it under a name of its own.',
  }),
  'temporary-object': (command) => ({
    message: `${command} makes an object of the session, ${LEFT}: it hides the real table of that name, and shows another tenant's rows.`,
    fix: 'Make a temporary table ON COMMIT DROP, or use a common table expression.',
  }),
  'unscoped-query': (kind) => ({
    message: `A ${kind} of pg is asked directly, without a tenant: it sees no rows, or those of whatever tenant the session was left with.`,
    fix: 'Ask in withTenant(), and with db.shared() or db.system() for what belongs to no tenant.',
  }),
  unread: () => ({
    severity: 'info',
    message:
      'The file could not be read as JavaScript or TypeScript to its end, so that part of it was not looked at.',
    fix: 'Correct its syntax, or leave it out of `sources`.',
  }),
}
