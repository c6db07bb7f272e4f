import type { ProbeFinding, ProbeReport } from '../report/probe-report.ts'
import { both } from '../report/wording.ts'
import type { Sight } from './look.ts'
import type { ReadSource } from './read-source.ts'

/**
 * SQLSTATEs that say, without a tenant: no. A policy may refuse where it could show nothing: by RAISE (P0001), for lack of a
 * privilege (42501), or since a setting that was never set is asked for by its mere name (42704).
 */
const REFUSALS: ReadonlySet<string> = new Set(['42501', '42704', 'P0001', '28000'])
/** Classes of SQLSTATE that may follow from an id which is none: data, and what a policy raises by itself. */
const OF_GARBAGE = /^(?:22|28|42501|P0)/

/** Says what was seen of one source in all contexts. */
export function judgeSights(sights: readonly Sight[], report: ProbeReport): void {
  const source = sights[0]?.source
  if (!source) return
  const foreign = sights.filter((sight) => sight.foreign === 'owned')
  if (foreign.length > 0) report.add(describe(foreign, source))
  else if (sights.some((sight) => sight.foreign === 'unowned')) report.add(describeUnowned(source))
  const trap = sights.find(({ context, code }) => context.kind === 'none' && code?.startsWith('22'))
  if (trap) report.add(describeTrap(trap, source))
  for (const sight of sights) {
    if (sight.code === undefined || sight === trap || isRefusal(sight)) continue
    report.notProbed(source.object, `what is seen ${sight.context.said}`, sight.code)
  }
}

function isRefusal({ context: { kind }, code = '' }: Sight): boolean {
  if (kind === 'none') return REFUSALS.has(code) || code.startsWith('22')
  return kind !== 'tenant' && OF_GARBAGE.test(code)
}

function describe(foreign: readonly Sight[], { object, rule, cause, fix }: ReadSource): ProbeFinding {
  const forTenant = foreign.find(({ context }) => context.kind === 'tenant')
  const without = foreign
    .filter(({ context }) => context.kind !== 'tenant')
    .map(({ context }) => context.said)
  const ways = forTenant && forTenant.by !== 'SELECT' ? `, by ${forTenant.by}` : ''
  const also =
    without.length > 0
      ? `${forTenant ? ', and rows are seen' : 'Rows are seen'} ${both(without)}${forTenant ? ' as well' : ''}`
      : ''
  return {
    rule: forTenant || rule === 'probe-function' ? rule : 'probe-no-context',
    severity: 'error',
    object,
    message: `${forTenant ? `Work for one tenant sees rows of others${ways}` : ''}${also}. ${cause}`,
    fix,
  }
}

function describeUnowned({ object, rule, tenant }: ReadSource): ProbeFinding {
  return {
    rule,
    severity: 'warning',
    object,
    message: `Rows whose ${tenant?.ident} is NULL are seen by all: they belong to no tenant.`,
    fix: 'Give each row a tenant and make the column NOT NULL. Rows for all belong in a table that is declared in `shared`.',
  }
}

function describeTrap({ context, code }: Sight, { object }: ReadSource): ProbeFinding {
  return {
    rule: 'probe-no-context',
    severity: 'warning',
    object,
    message: `Reading ${context.said} fails with SQLSTATE ${code} instead of showing no rows. A setting is the empty string, and not NULL, on every connection that has served a transaction for a tenant.`,
    fix: "Let the policy read nullif(current_setting('...', true), '').",
  }
}
