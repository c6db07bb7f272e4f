import type { Expression } from '../../../../expression/expression.ts'
import { isAlways, mayBeTrue } from '../../../../expression/possible.ts'
import { comparisonsOf } from './comparisons.ts'
import { type Context, probeTenants } from './contexts.ts'
import type { Judgement, RowTenant } from './judgement.ts'
import { type Policy, partsOf, type TenantTable } from './policy-table.ts'
import { stagesOf } from './stages.ts'

/** `fallback`: a tenant that takes the place of one that is not set; `fixed`: one that is there beside it, always. */
export type DefaultKind = 'fallback' | 'fixed'

interface Default {
  readonly kind: DefaultKind
  /** The row that passes; `any` where the tenant that is fallen back on is not known. */
  readonly row: RowTenant | { readonly tenant: string }
  readonly context: Context
}

/** How a policy lets rows of a tenant of its own choice through where no tenant is set; `undefined` when it does not. */
export function defaultIn(policy: Policy, table: TenantTable, judgement: Judgement): DefaultKind | undefined {
  const values = partsOf(policy).flatMap((part) =>
    comparisonsOf(part, table, judgement).flatMap((comparison) => comparison.values),
  )
  const passing = values
    .flatMap((value) => defaultsOf(value, table, judgement))
    .filter((one) => passes(one, policy, table, judgement))
  return passing.find(({ kind }) => kind === 'fallback')?.kind ?? passing[0]?.kind
}

function defaultsOf(value: Expression, { tenant }: TenantTable, judgement: Judgement): readonly Default[] {
  const whenSet = judgement.evaluate(value, tenant, 'tenant', 'any')
  return (['unset', 'empty'] as const).flatMap((context): readonly Default[] => {
    const answer = judgement.evaluate(value, tenant, context, 'any')
    if (answer === undefined) {
      const isFallback = isAlways(whenSet, probeTenants(tenant.type).own)
      return isFallback ? [{ kind: 'fallback', row: 'any', context }] : []
    }
    const tenants = [...answer].filter((one) => typeof one === 'string' && one !== '')
    return tenants.map((one) => ({
      kind: whenSet === undefined || whenSet.has(one) ? 'fixed' : 'fallback',
      row: { tenant: String(one) },
      context,
    }))
  })
}

/** Whether the row gets past the policies of some command, this one among them. */
function passes(
  { row, context }: Default,
  policy: Policy,
  table: TenantTable,
  judgement: Judgement,
): boolean {
  return stagesOf(table).some(({ permissive, restrictive }) => {
    const passing = permissive.filter(({ part }) =>
      mayBeTrue(judgement.evaluate(part.expression, table.tenant, context, row)),
    )
    const isAmong = [...passing, ...restrictive].some((one) => one.policy === policy)
    return (
      passing.length > 0 &&
      isAmong &&
      restrictive.every(({ part }) =>
        mayBeTrue(judgement.evaluate(part.expression, table.tenant, context, row)),
      )
    )
  })
}
