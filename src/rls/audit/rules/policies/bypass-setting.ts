import type { AuditRule } from '../../audit-rule.ts'
import { commandsOf, listed, policyNamed } from './judgement/describe.ts'
import { dropsTenant } from './judgement/drops-tenant.ts'
import { passageRule } from './judgement/passage-rule.ts'
import { settingsNamed } from './judgement/settings-named.ts'

/** Every role may set every setting whose name has a dot, so what one opens, any statement that an attacker slips in opens. */
export const bypassSetting: AuditRule = passageRule({
  id: 'bypass-setting',
  title: 'A setting switches a policy off',
  concerns: (passage, table) =>
    passage.kind === 'magic' || (passage.kind === 'setting' && !dropsTenant(passage, table)),
  report: ({ table: { tenant }, policy, passages, judgement, subject }) => {
    const others = passages.flatMap(({ branch }) => branch.flatMap((part) => judgement.settings(part).others))
    const settings =
      others.length > 0 ? settingsNamed(others) : [`some value of ${subject.options.tenantSetting}`]
    const commands = commandsOf(passages.flatMap(({ stages }) => stages))
    return {
      message: `A branch of ${policyNamed(policy)} is opened by ${listed(settings)} and does not compare ${tenant.name}: whoever can run SQL can set that, and reaches the rows of all tenants by ${commands}.`,
      fix: 'Take the branch away, and do cross-tenant work with a login role of its own: `db.system()`.',
    }
  },
})
