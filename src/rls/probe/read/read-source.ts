import { quoteName } from '../../sql/quote.ts'
import { type Cause, causeOf, causeOfFunction } from '../report/cause.ts'
import type { ProbeReport } from '../report/probe-report.ts'
import type { ProbedFunction } from '../schema/probed-function.ts'
import type { ProbedRelation } from '../schema/probed-relation.ts'
import type { ProbedSchema } from '../schema/probed-schema.ts'
import { literal, tenantColumn } from '../sql/from.ts'

/** Something that rows can be read from. */
export interface ReadSource extends Cause {
  /** `schema.name`, to be shown. */
  readonly object: string
  readonly rule: 'probe-read' | 'probe-function'
  /** The relation that it is. */
  readonly relation: ProbedRelation | undefined
  /** Its tenant column, quoted, with the column's type, where the application may read it. */
  readonly tenant: { readonly ident: string; readonly type: string } | undefined
  /**
   * What follows FROM.
   *
   * @param otherId the tenant that is not worked for: what a function is asked for
   */
  from(otherId: string): string
}

/** A relation that the application may read, or `undefined` where it may not. */
function relationSource(relation: ProbedRelation): ReadSource | undefined {
  if (!relation.columns.some(({ readable }) => readable)) return undefined
  const { object, ident } = relation
  return {
    object,
    rule: 'probe-read',
    relation,
    tenant: tenantColumn(relation),
    ...causeOf(relation),
    from: () => ident,
  }
}

/** A function that can be called, with another tenant's id where it takes a tenant's, and with NULL in other places. */
function functionSource(called: ProbedFunction): ReadSource {
  const { object, ident, args, tenant, tenantType } = called
  const value = (otherId: string) => (arg: ProbedFunction['args'][number]) =>
    arg.tenant ? literal(otherId, arg.type) : `null::${arg.type}`
  return {
    object,
    rule: 'probe-function',
    relation: undefined,
    tenant:
      tenant === null || tenantType === null ? undefined : { ident: quoteName(tenant), type: tenantType },
    ...causeOfFunction(called),
    from: (otherId) => `${ident}(${args.map(value(otherId)).join(', ')})`,
  }
}

/** Why a function cannot be called to any purpose, or `undefined`. */
function whyUncalled({ uncalled, strict, args }: ProbedFunction): string | undefined {
  if (uncalled !== null) return uncalled
  // It would answer NULL without being run.
  return strict && args.some(({ tenant }) => !tenant)
    ? 'it takes arguments that the probe has no values for'
    : undefined
}

/** Everything that rows can be read from. Functions that are not called are reported. */
export function readSources(
  { relations, functions }: ProbedSchema,
  report: ProbeReport,
): readonly ReadSource[] {
  const callable = functions.filter((called) => {
    const why = whyUncalled(called)
    if (why !== undefined) report.notProbed(called.object, 'the function', why)
    return why === undefined
  })
  return [
    ...relations.map(relationSource).filter((source) => source !== undefined),
    ...callable.map(functionSource),
  ]
}
