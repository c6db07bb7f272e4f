import type { ProbeContexts } from '../context/probe-context.ts'
import type { ProbeReport } from '../report/probe-report.ts'
import type { ProbedRelation } from '../schema/probed-relation.ts'
import type { ProbeSession } from '../session/probe-session.ts'
import type { ProbeTransaction } from '../session/probe-transaction.ts'
import { keepList, stashed } from '../sql/stash.ts'
import { judgeHidden, type Overlap } from './judge-hidden.ts'
import type { ReadSource } from './read-source.ts'

/** Rows that are compared; of the others only the number. */
const COMPARED = 200
const COUNTED = 1_000

/** Looks into all relations whose rows do not say whose they are. */
export async function probeHidden(
  session: ProbeSession,
  sources: readonly ReadSource[],
  contexts: ProbeContexts,
  empty: ReadonlySet<string>,
  report: ProbeReport,
): Promise<void> {
  await session.reading(async (transaction) => {
    for (const source of sources) {
      const { relation, tenant } = source
      if (relation && !tenant)
        await lookIntoHidden(transaction, { ...source, relation }, contexts, empty, report)
    }
  })
}

/**
 * Looks into a relation whose rows do not say whose they are.
 *
 * What a tenant that does not exist sees is nobody's own: where both tenants see the same rows, these are shown to all. A row is known
 * again by where it lies in a table, and by its text in a view.
 */
async function lookIntoHidden(
  transaction: ProbeTransaction,
  source: ReadSource & { readonly relation: ProbedRelation },
  { first, second, unknown }: ProbeContexts,
  empty: ReadonlySet<string>,
  report: ProbeReport,
): Promise<void> {
  const { relation, object } = source
  const identity = identityOf(relation)
  const seen = `(select pg_catalog.count(*)::int from (select from ${relation.ident} limit ${COUNTED}) as seen) as seen`
  const count = `select ${seen}, (select pg_catalog.count(*)::int from (
    select from ${relation.ident} where ${identity} = any (${stashed('sample')}::text[]) limit ${COMPARED}
  ) as common) as common`
  const sample = `select pg_catalog.array_agg(identity) from (select ${identity} as identity from ${relation.ident} limit ${COMPARED}) as row`
  const keep = keepList('sample', sample)

  const nobody = await transaction.keep(...unknown.statements, keep, count)
  // A policy may refuse an id that is nobody's; then it shows nothing.
  const base = nobody.done ? overlap(nobody.rows) : { seen: 0, common: 0 }
  const ofFirst = nobody.done ? await transaction.attempt(...first.statements, count) : nobody
  const ofSecond = nobody.done ? await transaction.attempt(...second.statements, count) : nobody
  const kept = relation.addressed ? await transaction.keep(...first.statements, keep, count) : undefined
  const both = kept?.done ? await transaction.attempt(...second.statements, count) : undefined
  const refused = [ofFirst, ofSecond].find((attempt) => !attempt.done)
  if (nobody.done && refused && !refused.done) {
    report.notProbed(object, 'what is seen for a tenant', refused.code)
    return
  }
  judgeHidden(
    source,
    {
      nobody: base,
      first: ofFirst.done ? overlap(ofFirst.rows) : base,
      second: ofSecond.done ? overlap(ofSecond.rows) : base,
      common: both?.done ? overlap(both.rows).common : 0,
    },
    empty,
    report,
  )
}

function overlap(rows: readonly unknown[]): Overlap {
  const [row = { seen: 0, common: 0 }] = rows as readonly Overlap[]
  return row
}

function identityOf({ addressed, columns }: ProbedRelation): string {
  if (addressed) return "tableoid::text || ' ' || ctid::text"
  const readable = columns.filter((column) => column.readable).map(({ ident }) => ident)
  return `pg_catalog.md5(row(${readable.join(', ')})::text)`
}
