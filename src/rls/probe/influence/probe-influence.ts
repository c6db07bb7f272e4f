import type { ProbeContexts } from '../context/probe-context.ts'
import type { ReadSource } from '../read/read-source.ts'
import type { ProbeReport } from '../report/probe-report.ts'
import type { ProbedRelation } from '../schema/probed-relation.ts'
import type { ProbeSession } from '../session/probe-session.ts'
import type { ProbeTransaction } from '../session/probe-transaction.ts'
import { changeRows } from './change-rows.ts'
import { type Digest, digest } from './digest.ts'

const WHAT = 'whether it depends on the rows of other tenants'

/**
 * Finds views and functions that show one tenant something of another's rows without saying whose it is, such as a sum over all: what
 * they show changes with the other's rows. These are changed, as their tenant, in one transaction with both looks, and rolled back.
 */
export async function probeInfluence(
  session: ProbeSession,
  sources: readonly ReadSource[],
  tables: readonly ProbedRelation[],
  contexts: ProbeContexts,
  report: ProbeReport,
): Promise<void> {
  const asked = sources.filter((source) => isAsked(source, report))
  if (asked.length === 0) return
  await session.writing(async (transaction) => {
    const before = await steadyDigests(transaction, asked, contexts, report)
    if (before.size === 0) return
    const changed = await changeRows(transaction, tables, contexts.second)
    for (const [source, first] of before) {
      if (changed === 0) {
        report.notProbed(source.object, WHAT, 'the application may change no row of a tenant')
        continue
      }
      const second = await look(transaction, source, contexts)
      if ('code' in second) report.notProbed(source.object, WHAT, second.code)
      else if (second.of !== first) report.add(describe(source))
    }
  })
}

/** Views that draw from tenants, and functions, which name no tenant and of which nothing is known yet. */
function isAsked({ relation, tenant, object }: ReadSource, report: ProbeReport): boolean {
  if (tenant || report.has('probe-hidden-tenant', object)) return false
  return (
    relation === undefined || (relation.kind === 'v' && (relation.tenantSources.length > 0 || relation.calls))
  )
}

/** What the sources show, of those that show the same twice. */
async function steadyDigests(
  transaction: ProbeTransaction,
  sources: readonly ReadSource[],
  contexts: ProbeContexts,
  report: ProbeReport,
): Promise<ReadonlyMap<ReadSource, string>> {
  const steady = new Map<ReadSource, string>()
  for (const source of sources) {
    const first = await look(transaction, source, contexts)
    const second = 'code' in first ? first : await look(transaction, source, contexts)
    const code = [first, second].map((each) => ('code' in each ? each.code : undefined)).find((each) => each)
    if (code !== undefined) report.notProbed(source.object, WHAT, code === '25006' ? 'it writes' : code)
    else if ('of' in first && 'of' in second && first.of === second.of) steady.set(source, first.of)
    else report.notProbed(source.object, WHAT, 'it shows something else each time')
  }
  return steady
}

function look(
  transaction: ProbeTransaction,
  source: ReadSource,
  { first, second }: ProbeContexts,
): Promise<Digest> {
  return digest(transaction, source, first.statements, second.tenant.id)
}

function describe({ object, rule, cause, fix }: ReadSource) {
  return {
    rule: rule === 'probe-function' ? rule : 'probe-influence',
    severity: 'error',
    object,
    message: `What it shows to one tenant changes with the rows of another. ${cause}`,
    fix: `${fix} If it is meant to tell something of all tenants, declare it in \`shared\`.`,
  } as const
}
