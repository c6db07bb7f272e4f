import type { AuditRule } from '../../audit-rule.ts'
import { commandsOf, policyNamed } from './judgement/describe.ts'
import { opensAll } from './judgement/opens-all.ts'
import { passageRule } from './judgement/passage-rule.ts'

/** A condition that never asks whose row it is leaves the table open, unless a restrictive policy asks. */
export const policyAlwaysTrue: AuditRule = passageRule({
  id: 'policy-always-true',
  title: 'A policy lets the rows of all tenants through',
  concerns: opensAll,
  report: ({ table: { tenant }, policy, passages }) => {
    const commands = commandsOf(passages.flatMap(({ stages }) => stages))
    const why = passages.some(({ kind }) => kind === 'always')
      ? 'is true whatever the tenant of a row is'
      : `never asks for ${tenant.name}, and nor does any other policy`
    return {
      message: `The condition of ${policyNamed(policy)} ${why}: it opens the rows of all tenants to ${commands}.`,
      fix: `Compare ${tenant.name} with the tenant's setting in it (\`leasehold rls generate\`), or drop it.`,
    }
  },
})
