import type { AuditRule, Found } from '../../../audit-rule.ts'
import type { AuditSubject } from '../../../audit-subject.ts'
import { Judgement } from './judgement.ts'
import { type Passage, passagesOf } from './passages.ts'
import type { Policy, TenantTable } from './policy-table.ts'
import { asReached } from './reach.ts'

/** A policy, and the ways in which a row of another tenant may pass it. */
export interface OpenPolicy {
  readonly table: TenantTable
  readonly policy: Policy
  /** At least one. */
  readonly passages: readonly Passage[]
  readonly judgement: Judgement
  readonly subject: AuditSubject
}

/** A rule about policies that rows of other tenants may pass. Each policy is one finding. */
export interface PassageRule extends Pick<AuditRule, 'id' | 'title'> {
  /** Whether a passage is of the rule's kind. */
  concerns(passage: Passage, table: TenantTable, judgement: Judgement): boolean
  report(open: OpenPolicy): Omit<Found, 'object'>
}

/** Makes a rule of the kind of passage that it looks for. What it finds is an error where the application reaches the table. */
export function passageRule({ id, title, concerns, report }: PassageRule): AuditRule {
  return {
    id,
    title,
    severity: 'error',
    find: async (subject) => {
      const judgement = await Judgement.of(subject)
      const found = judgement.tenantTables.flatMap((table) => {
        const open = passagesOf(table, judgement).filter((passage) => concerns(passage, table, judgement))
        return [...Map.groupBy(open, ({ policy }) => policy)].map(([policy, passages]) => ({
          ...report({ table, policy, passages, judgement, subject }),
          table: table.oid,
          object: table.object,
        }))
      })
      return asReached(found, subject)
    },
  }
}
