import { type FunctionFacts, isUsers } from '../../../expression/catalog-names.ts'
import { COMPUTED } from '../../../expression/settings-in-source.ts'
import { settingsOfBody } from '../../../expression/settings-read.ts'
import type { AuditRule, Found } from '../../audit-rule.ts'
import { listed } from './judgement/describe.ts'
import { Judgement } from './judgement/judgement.ts'
import { settingsNamed } from './judgement/settings-named.ts'

/**
 * PostgreSQL calls an IMMUTABLE function while it plans, and keeps the answer in the plan: a prepared statement, and one inside of
 * PL/pgSQL, goes on with the tenant for whom it was planned.
 *
 * @see https://www.postgresql.org/docs/current/xfunc-volatility.html
 */
export const immutableSettingFunction: AuditRule = {
  id: 'immutable-setting-function',
  title: 'A policy calls a function that reads a setting and says that it never changes',
  severity: 'error',
  find: async (subject) => {
    const { functions, names } = await Judgement.of(subject)
    return functions.flatMap((facts) => {
      if (!isUsers(facts) || facts.volatility !== 'immutable') return []
      const settings = [...settingsOfBody(facts, names)].filter(
        (name) => name.includes('.') || name === COMPUTED,
      )
      return settings.length > 0 ? [report(facts, settings)] : []
    })
  },
}

function report({ object, signature }: FunctionFacts, settings: readonly string[]): Found {
  return {
    object,
    message: `A policy calls the function, which is IMMUTABLE and reads ${listed(settingsNamed(settings))}: its answer is kept in plans, so that a prepared statement shows one tenant the rows of another.`,
    fix: 'Declare it STABLE.',
    sql: `alter function ${signature} stable;`,
  }
}
