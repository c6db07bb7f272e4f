import { quoteName } from '../../../sql/quote.ts'
import type { AuditRule } from '../../audit-rule.ts'
import { canonicalCondition } from './judgement/canonical.ts'
import { commandsOf, policyNamed } from './judgement/describe.ts'
import { dropsTenant } from './judgement/drops-tenant.ts'
import { passageRule } from './judgement/passage-rule.ts'

/** Where WITH CHECK is given, USING no longer stands for it: what is written is checked by the former alone. */
export const checkDropsTenant: AuditRule = passageRule({
  id: 'check-drops-tenant',
  title: 'WITH CHECK lets rows be written into another tenant',
  concerns: dropsTenant,
  report: ({ table: { tenant, ident }, policy, passages, subject }) => {
    const commands = commandsOf(passages.flatMap(({ stages }) => stages))
    const isTrue = passages.some(({ kind }) => kind === 'always')
    const kept = isTrue || !policy.check ? '' : `(${policy.check.text}) and `
    const condition = `${kept}${canonicalCondition(tenant, subject.options.tenantSetting)}`
    return {
      message: `WITH CHECK of ${policyNamed(policy)} does not ask for ${tenant.name}, so that ${commands} can put a row into any tenant.`,
      fix: `Compare ${tenant.name} in WITH CHECK as well, or leave WITH CHECK out where USING says it all.`,
      sql: `alter policy ${quoteName(policy.name)} on ${ident} with check (${condition});`,
    }
  },
})
