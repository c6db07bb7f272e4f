import { closedCalls } from '../../../../expression/closed-calls.ts'
import type { Expression } from '../../../../expression/expression.ts'
import { isAlways, mayBeTrue, type Possible } from '../../../../expression/possible.ts'
import { readsTables, rowColumns } from '../../../../expression/walk.ts'
import { type Context, NO_TENANT, probeTenants } from './contexts.ts'
import { type PolicyPart, partsOf, type TenantColumn, type TenantTable } from './policy-table.ts'
import type { AnyContext, Surroundings } from './situations.ts'

/** What reading the policies says of them, without trying any. */
export interface ReadPolicies {
  readonly tenantTables: readonly TenantTable[]
  /** What an expression can answer for a row of a foreign tenant. */
  evaluate(expression: Expression, tenant: TenantColumn, context: Context, row: 'foreign'): Possible
  /** The settings that it reads besides the tenant's. */
  settings(expression: Expression): { readonly others: readonly string[] }
}

/** What came of trying a condition for a row of a foreign tenant; `undefined` where that does not decide. */
export type TriedParts = (table: TenantTable, part: PolicyPart, context: AnyContext) => Possible

/**
 * Tries whatever cannot be decided by reading: functions that policies call, and conditions that may let a row of a foreign tenant
 * through.
 */
export async function tryPolicies(
  policies: ReadPolicies,
  { names, trials }: Surroundings,
): Promise<TriedParts> {
  const keys = new PartKeys(policies)
  const suspects = distinctParts(policies, keys)
  const answers = new Map<string, Possible>()
  // A setting that was set once is '' from then on, so what depends on none being set comes first.
  for (const context of [...NO_TENANT, 'tenant'] as const) {
    for (const { table, part } of suspects.values()) {
      const probes = probeTenants(table.tenant.type)
      for (const call of closedCalls(part.expression, names)) {
        await trials.tryCall(call, names, context, probes)
      }
    }
    for (const [key, { table, part }] of suspects) {
      if (!isUndecided(policies, table, part, context)) continue
      const probes = probeTenants(table.tenant.type)
      answers.set(`${context} ${key}`, await trials.tryPart(table, part, context, probes))
    }
  }
  return (table, part, context) => {
    const { key, isExact } = keys.of(table, part)
    const answer = answers.get(`${context} ${key}`)
    // Other columns were NULL and other tables as they are now: that is an example, and proves only what it lets through.
    return isExact || mayBeTrue(answer) ? answer : undefined
  }
}

interface Suspect {
  readonly table: TenantTable
  readonly part: PolicyPart
  /** Whether nothing but the tenant and its setting decides. */
  readonly isExact: boolean
}

/** One part for each expression, and for each table too where it reads more of that than the tenant. */
function distinctParts(policies: ReadPolicies, keys: PartKeys): ReadonlyMap<string, Suspect> {
  const suspects = new Map<string, Suspect>()
  for (const table of policies.tenantTables) {
    for (const part of table.policies.filter(({ reachesApp }) => reachesApp).flatMap(partsOf)) {
      const { key, isExact } = keys.of(table, part)
      suspects.set(key, { table, part, isExact })
    }
  }
  return suspects
}

function isUndecided(
  policies: ReadPolicies,
  table: TenantTable,
  part: PolicyPart,
  context: Context,
): boolean {
  const answer = policies.evaluate(part.expression, table.tenant, context, 'foreign')
  return mayBeTrue(answer) && !isAlways(answer, 't')
}

/** Tells apart what need not be tried twice. */
class PartKeys {
  readonly #policies: ReadPolicies
  readonly #known = new Map<Expression, { number: number; columns: readonly number[]; isPlain: boolean }>()

  constructor(policies: ReadPolicies) {
    this.#policies = policies
  }

  of({ oid, tenant }: TenantTable, { expression }: PolicyPart): { key: string; isExact: boolean } {
    const { number, columns, isPlain } = this.#read(expression)
    const isExact = isPlain && columns.every((column) => column === tenant.number)
    return { key: `${number} ${isExact ? `${tenant.number} ${tenant.type}` : oid}`, isExact }
  }

  #read(expression: Expression) {
    const known = this.#known.get(expression)
    if (known) return known
    const isPlain = !readsTables(expression) && this.#policies.settings(expression).others.length === 0
    const read = { number: this.#known.size, columns: [...rowColumns(expression)], isPlain }
    this.#known.set(expression, read)
    return read
  }
}
