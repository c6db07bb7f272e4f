import { closedCalls } from '../../../expression/closed-calls.ts'
import { mayFail } from '../../../expression/possible.ts'
import type { AuditRule, Found } from '../../audit-rule.ts'
import type { AuditSubject } from '../../audit-subject.ts'
import { makeCanonical } from './judgement/canonical.ts'
import { policyNamed } from './judgement/describe.ts'
import { Judgement } from './judgement/judgement.ts'
import { isTenantTable, type Policy, type PolicyTable, partsOf } from './judgement/policy-table.ts'

/** SQLSTATE invalid_text_representation. */
const INVALID_TEXT = '22P02'

/**
 * A custom setting is NULL in a session that never set it and '' once a transaction that did has ended; '' is no uuid and no number.
 *
 * @see https://www.postgresql.org/docs/current/runtime-config-custom.html
 */
export const nullifMissing: AuditRule = {
  id: 'nullif-missing',
  title: 'Without a setting, a policy fails instead of showing nothing',
  severity: 'warning',
  find: async (subject) => {
    const judgement = await Judgement.of(subject)
    return judgement.tables.flatMap((table) =>
      table.policies
        .filter(({ reachesApp }) => reachesApp)
        .flatMap((policy) => report(table, policy, judgement, subject) ?? []),
    )
  },
}

function report(
  table: PolicyTable,
  policy: Policy,
  judgement: Judgement,
  { options }: AuditSubject,
): Found | undefined {
  const fails = (context: 'unset' | 'empty') =>
    partsOf(policy).some((part) => mayFail(judgement.evaluateAlone(part.expression, table.tenant, context)))
  const failsEmpty = fails('empty') || callFails(table, policy, judgement)
  if (!failsEmpty && !fails('unset')) return undefined
  const when = failsEmpty
    ? "once the connection has served a transaction before, as the setting is '' then and '' cannot be cast"
    : 'on a new connection, as current_setting() without its second argument fails where nothing was set yet'
  return {
    object: table.object,
    message: `Where a setting that the ${policyNamed(policy)} reads is missing, statements fail ${when}; on another connection the same statement shows no rows.`,
    fix: "Read the setting by nullif(current_setting('…', true), '').",
    sql: isTenantTable(table) ? makeCanonical(table, policy, judgement, options.tenantSetting) : undefined,
  }
}

/** A function that fails on purpose has a SQLSTATE of its own for it; one that casts '' has that of the cast. */
function callFails(table: PolicyTable, policy: Policy, judgement: Judgement): boolean {
  return partsOf(policy)
    .flatMap(({ expression }) => closedCalls(expression, judgement.names))
    .some((call) => judgement.failureOf(call, 'empty', table.tenant) === INVALID_TEXT)
}
