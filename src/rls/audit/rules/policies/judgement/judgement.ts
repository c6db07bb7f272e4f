import { type Branch, branchesOf } from '../../../../expression/branches.ts'
import type { CatalogNames, FunctionFacts } from '../../../../expression/catalog-names.ts'
import { evaluate } from '../../../../expression/evaluate.ts'
import type { Call, Expression } from '../../../../expression/expression.ts'
import { always, connect, type Possible } from '../../../../expression/possible.ts'
import { settingsRead } from '../../../../expression/settings-read.ts'
import type { AuditSubject } from '../../../audit-subject.ts'
import { type Context, probeTenants } from './contexts.ts'
import {
  isTenantTable,
  type PolicyPart,
  type PolicyTable,
  partsOf,
  type TenantColumn,
  type TenantTable,
} from './policy-table.ts'
import { readNames } from './read-names.ts'
import { readPolicies } from './read-policies.ts'
import { type AnyContext, type Surroundings, situationIn } from './situations.ts'
import { Trials } from './trials.ts'
import { type TriedParts, tryPolicies } from './try-policies.ts'

/** Whose row a condition is evaluated for: one of the transaction's own tenant, of another, or any. */
export type RowTenant = 'own' | 'foreign' | 'any'

const known = new WeakMap<AuditSubject, Promise<Judgement>>()

/** What the policies of a database say, and what comes of them. */
export class Judgement {
  readonly tables: readonly PolicyTable[]
  readonly tenantTables: readonly TenantTable[]
  readonly names: CatalogNames
  /** All functions that policies call, and that functions call whose bodies are kept as trees. */
  readonly functions: readonly FunctionFacts[]
  readonly #surroundings: Surroundings
  readonly #evaluated = new WeakMap<Expression, Map<string, Possible>>()
  readonly #branches = new WeakMap<Expression, readonly Branch[]>()
  #tried: TriedParts = () => undefined

  /** Reads and tries all policies; for one subject once. */
  static of(subject: AuditSubject): Promise<Judgement> {
    const judgement = known.get(subject) ?? Judgement.#read(subject)
    known.set(subject, judgement)
    return judgement
  }

  static async #read(subject: AuditSubject): Promise<Judgement> {
    const tables = await readPolicies(subject)
    const expressions = tables
      .flatMap(({ policies }) => policies.flatMap(partsOf))
      .map(({ expression }) => expression)
    const { names, functions } = await readNames(subject, [...new Set(expressions)])
    const roles = await subject.rows<{ name: string }>(
      'select rolname as name from app_role order by is_login desc',
    )
    const judgement = new Judgement(tables, functions, {
      tenantSetting: subject.options.tenantSetting.toLowerCase(),
      loginRole: subject.options.appRole,
      appRoles: roles.map(({ name }) => name),
      names,
      trials: await Trials.open(subject),
    })
    judgement.#tried = await tryPolicies(judgement, judgement.#surroundings)
    return judgement
  }

  private constructor(
    tables: readonly PolicyTable[],
    functions: readonly FunctionFacts[],
    surroundings: Surroundings,
  ) {
    this.tables = tables
    this.tenantTables = tables.filter(isTenantTable)
    this.names = surroundings.names
    this.functions = functions
    this.#surroundings = surroundings
  }

  /** What could not be tried: functions, by their signatures, and tables with their policies. */
  get untried(): ReadonlySet<string> {
    return this.#surroundings.trials.untried
  }

  /** What a condition of a policy can answer for a row of a foreign tenant. */
  outcome(table: TenantTable, part: PolicyPart, context: AnyContext): Possible {
    return (
      this.#tried(table, part, context) ?? this.evaluate(part.expression, table.tenant, context, 'foreign')
    )
  }

  /** What an expression can answer, without trying it. */
  evaluate(
    expression: Expression,
    tenant: TenantColumn | undefined,
    context: AnyContext,
    row: RowTenant | { readonly tenant: string | null },
  ): Possible {
    return this.#remember(expression, [tenant?.number, tenant?.type, context, row], () => {
      const situation = situationIn(context, tenant, rowTenant(row, tenant), this.#surroundings)
      return evaluate(expression, situation, this.names)
    })
  }

  /** The same for a foreign row, without what functions answer that are not PostgreSQL's own. */
  evaluateAlone(expression: Expression, tenant: TenantColumn | undefined, context: Context): Possible {
    return this.#remember(expression, [tenant?.number, tenant?.type, context], () => {
      const situation = situationIn(context, tenant, rowTenant('foreign', tenant), this.#surroundings)
      return evaluate(expression, { ...situation, call: () => undefined }, this.names)
    })
  }

  /** The same for all conditions of a branch together. */
  evaluateBranch(branch: Branch, tenant: TenantColumn, context: AnyContext, row: RowTenant): Possible {
    return connect(
      'and',
      branch.map((condition) => this.evaluate(condition, tenant, context, row)),
    )
  }

  /** What a call answered when it was tried. */
  answerOf(call: Call, context: Context, tenant: TenantColumn | undefined): Possible {
    return tenant && this.#surroundings.trials.answerOf(call, context, probeTenants(tenant.type))
  }

  /** The SQLSTATE with which it failed. */
  failureOf(call: Call, context: Context, tenant: TenantColumn | undefined): string | undefined {
    return tenant && this.#surroundings.trials.failureOf(call, context, probeTenants(tenant.type))
  }

  branches(expression: Expression): readonly Branch[] {
    const branches = this.#branches.get(expression) ?? branchesOf(expression, this.names)
    this.#branches.set(expression, branches)
    return branches
  }

  #remember(expression: Expression, parts: readonly unknown[], compute: () => Possible): Possible {
    const answers = this.#evaluated.get(expression) ?? new Map<string, Possible>()
    this.#evaluated.set(expression, answers)
    const key = JSON.stringify(parts)
    if (!answers.has(key)) answers.set(key, compute())
    return answers.get(key)
  }

  /** The settings that an expression reads, and whether the tenant's is one of them. */
  settings(expression: Expression): { readonly tenant: boolean; readonly others: readonly string[] } {
    const all = settingsRead(expression, this.names)
    const { tenantSetting } = this.#surroundings
    return { tenant: all.has(tenantSetting), others: [...all].filter((name) => name !== tenantSetting) }
  }
}

function rowTenant(
  row: RowTenant | { readonly tenant: string | null },
  tenant: TenantColumn | undefined,
): Possible {
  if (row === 'any' || !tenant) return undefined
  const { own, foreign } = probeTenants(tenant.type)
  if (typeof row === 'object') return always(row.tenant)
  return row === 'own' ? always(own) : always(foreign[0])
}
