import type { ProbeReport } from '../report/probe-report.ts'
import type { ProbedColumn } from '../schema/probed-column.ts'
import type { ProbedKey } from '../schema/probed-key.ts'
import type { Attempt } from '../session/attempt.ts'
import { rowsOf, tenantColumn } from '../sql/from.ts'
import { assign, assignable, whyNoInsert } from '../sql/row-statements.ts'
import { Stash } from '../sql/stash.ts'
import { TRIPWIRE, tripped } from '../sql/tripwire.ts'
import { found, insertOwn, type WriteSubject } from './write-subject.ts'

/**
 * Inserts rows of the actor's that collide with a row of the victim's, in every key that rows of different tenants share.
 *
 * Keys are checked without policies, so DO NOTHING drops the row, and tells that the other one is there. DO UPDATE refuses with 42501,
 * but before PostgreSQL 18.7, 17.12, 16.16 and 15.20 only after its WHERE was asked about the other tenant's row (CVE-2026-120154).
 */
export async function probeConflicts(subject: WriteSubject, report: ProbeReport): Promise<void> {
  const { relation } = subject
  if (!relation.canInsert || relation.kind === 'v') return
  for (const key of relation.keys.filter(({ scoped }) => !scoped)) {
    const { met, read, unclear } = await collide(subject, key)
    if (met || read) report.add(describe(relation.object, key, read))
    else if (unclear) report.notProbed(relation.object, `ON CONFLICT on ${key.name}`, unclear)
  }
}

const NOTHING = { met: false, read: false }

/** What a collision shows: the other row was met, or even read. */
interface Collision {
  readonly met: boolean
  readonly read: boolean
  readonly unclear?: string | undefined
}

async function collide(subject: WriteSubject, key: ProbedKey): Promise<Collision> {
  const { relation, transaction } = subject
  const columns = relation.columns.filter(
    ({ name }) => key.columns.includes(name) && name !== relation.tenant,
  )
  if (!columns.every(({ insertable }) => insertable)) return NOTHING
  const unclear =
    whyNoInsert(relation) ??
    (columns.every(({ readable }) => readable) ? undefined : 'the application cannot read the key')
  if (unclear !== undefined) return { ...NOTHING, unclear }
  const stash = new Stash(
    'key',
    columns.map(({ ident }) => ident),
  )
  const missing = await keepKey(subject, key, columns, stash)
  if (missing !== undefined) return { ...NOTHING, unclear: missing }
  const value = ({ name, ident, type }: ProbedColumn) => [name, stash.cell(ident, type) ?? 'null']
  const colliding = insertOwn(subject, Object.fromEntries(columns.map(value)))
  const conflict = `on conflict ${target(key)}`
  const dropped = await transaction.attempt(`${colliding} ${conflict} do nothing`)
  const column = key.exclusion ? undefined : assignable(relation)
  const updated = column
    ? await transaction.attempt(
        `${colliding} ${conflict} do update set ${assign(column, 'target')} where ${TRIPWIRE}`,
      )
    : undefined
  const read = updated !== undefined && tripped(updated)
  const met = dropped.done && dropped.rowCount === 0
  if (!met || read || !relation.intercepts)
    return { met, read, unclear: whyUnclear(dropped) ?? (updated && whyUnclear(updated)) }
  // A trigger may drop every row, as one does that hands them to other tables.
  const control = await transaction.attempt(`${insertOwn(subject, {})} ${conflict} do nothing`)
  return control.done && control.rowCount === 0
    ? { ...NOTHING, unclear: 'a trigger puts something else in the place of rows' }
    : { met, read }
}

/** Puts aside what a row of the victim's has in the key. Gives the reason where there is none. */
async function keepKey(
  { relation, transaction, actor, victim }: WriteSubject,
  { predicate }: ProbedKey,
  columns: readonly ProbedColumn[],
  stash: Stash,
): Promise<string | undefined> {
  // NULLs do not collide.
  const full = columns.map(({ ident }) => `${ident} is not null`)
  const where = [...full, ...(predicate === null ? [] : [`(${predicate})`])].join(' and ')
  const rows = `${rowsOf(relation, victim.tenant.id)} ${tenantColumn(relation) ? 'and' : 'where'} ${where}`
  const kept = await transaction.keep(...victim.statements, stash.keep(rows))
  await transaction.settle(...actor.statements)
  if (found(kept)) return undefined
  return kept.done ? 'the other tenant has no row there' : kept.code
}

function whyUnclear(attempt: Attempt): string | undefined {
  return attempt.done || attempt.code === '42501' || tripped(attempt) ? undefined : attempt.code
}

/** A constraint has a name that holds for partitions too; an index is inferred from what it compares. */
function target({ constraint, compares, predicate }: ProbedKey): string {
  if (constraint !== null) return `on constraint ${constraint}`
  return `(${compares.join(', ')})${predicate === null ? '' : ` where ${predicate}`}`
}

function describe(object: string, key: ProbedKey, read: boolean) {
  return {
    rule: 'probe-conflict',
    severity: 'error',
    object,
    message: `The key ${key.name} collides with rows of other tenants: INSERT ... ON CONFLICT DO NOTHING drops the row in silence, and so tells that another tenant has the value. ${
      read
        ? 'ON CONFLICT DO UPDATE ... WHERE reads that row (CVE-2026-120154), which a server from PostgreSQL 18.7, 17.12, 16.16 or 15.20 on refuses with 42501.'
        : 'ON CONFLICT DO UPDATE is refused.'
    }`,
    fix: 'Let the key begin with the tenant column, and ON CONFLICT with it. Bring the server to the newest minor version.',
  } as const
}
