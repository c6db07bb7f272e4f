import type { ProbeContext, ProbeContexts, TenantContext } from '../context/probe-context.ts'
import type { ProbeReport } from '../report/probe-report.ts'
import type { ProbeSession } from '../session/probe-session.ts'
import { judgeSights } from './judge-sights.ts'
import { look, type Sight } from './look.ts'
import type { ReadSource } from './read-source.ts'

/** Which of the two tenants have rows, by the object that they are of. */
export interface Populated {
  readonly first: ReadonlySet<string>
  readonly second: ReadonlySet<string>
}

/**
 * Looks into every source that names the tenant of its rows, in every context, each of which is a transaction.
 *
 * @param fresh whether the tenant has never been set on the connection
 */
export async function probeReads(
  session: ProbeSession,
  sources: readonly ReadSource[],
  contexts: ProbeContexts,
  fresh: boolean,
  report: ProbeReport,
): Promise<Populated> {
  const { first, second, unknown, empty, unset, garbage } = contexts
  const sights: Sight[] = []
  const lookAll = (context: ProbeContext | TenantContext, otherId: string) =>
    session.reading(async (transaction) => {
      await transaction.settle(...context.statements)
      for (const source of sources) sights.push(await look(transaction, source, context, otherId))
    })
  // It comes first: afterwards the setting is an empty string on this connection.
  if (fresh) await lookAll(unset, second.tenant.id)
  await lookAll(first, second.tenant.id)
  await lookAll(second, first.tenant.id)
  for (const context of [empty, unknown, ...garbage]) await lookAll(context, second.tenant.id)
  for (const seen of Map.groupBy(sights, ({ source }) => source).values()) judgeSights(seen, report)
  const populated = (context: ProbeContext) =>
    new Set(
      sights.filter((sight) => sight.context === context && sight.own).map(({ source }) => source.object),
    )
  return { first: populated(first), second: populated(second) }
}
