import type { ProbeContext, TenantContext, UnknownContext } from '../context/probe-context.ts'
import type { ProbedRelation } from '../schema/probed-relation.ts'
import type { Attempt } from '../session/attempt.ts'
import type { ProbeTransaction } from '../session/probe-transaction.ts'
import { literal, rowsOf } from '../sql/from.ts'
import { insertedRow } from '../sql/row-statements.ts'
import { type Stash, stashRow } from '../sql/stash.ts'
import { ARM_TRIPWIRE } from '../sql/tripwire.ts'

/** Who tries to write, and to whom it would happen. */
export interface Writers {
  /** For whom the transaction works. */
  readonly actor: TenantContext
  readonly victim: TenantContext
  readonly unknown: UnknownContext
}

/** A relation in a transaction that works for the actor. */
export interface WriteSubject extends Writers {
  readonly relation: ProbedRelation
  readonly transaction: ProbeTransaction
  /** A row of the actor's, where there is one. */
  readonly own: Stash | undefined
  /** A row of the victim's, where there is one. */
  readonly other: Stash | undefined
  /** A row that a tenant sees who does not exist, of a view. */
  readonly shown: Stash | undefined
}

/** Puts a row of each tenant aside, and begins to work for the actor. */
export async function openSubject(
  transaction: ProbeTransaction,
  relation: ProbedRelation,
  writers: Writers,
): Promise<WriteSubject> {
  const { actor, victim, unknown } = writers
  await transaction.settle(ARM_TRIPWIRE)
  const readable = relation.columns.some((column) => column.readable)
  const keep = async (name: string, from: string, { statements }: ProbeContext) => {
    const stash = stashRow(name, relation)
    const kept = readable ? await transaction.keep(...statements, stash.keep(from)) : undefined
    return kept && found(kept) ? stash : undefined
  }
  const shown = relation.kind === 'v' ? await keep('shown', relation.ident, unknown) : undefined
  const other = await keep('other', rowsOf(relation, victim.tenant.id), victim)
  const own = await keep('own', rowsOf(relation, actor.tenant.id), actor)
  await transaction.settle(...actor.statements)
  return { ...writers, relation, transaction, own, other, shown }
}

/** Whether {@link Stash.keep} found a row. */
export function found(kept: Attempt): boolean {
  const [row] = (kept.done ? kept.rows : []) as readonly { found: boolean }[]
  return row?.found === true
}

/**
 * An INSERT of a row of the actor's, a copy of one that is there and with keys of its own, or `undefined` where it may fill no column.
 *
 * @param put values of columns by name, in SQL
 */
export function insertOwn(
  { relation, actor, own, other }: WriteSubject,
  put: Readonly<Record<string, string>>,
): string | undefined {
  const tenant = relation.columns.find(({ name }) => name === relation.tenant)
  const owned = tenant ? { [tenant.name]: literal(actor.tenant.id, tenant.type) } : {}
  const row = insertedRow(relation, { of: own ?? other, put: { ...owned, ...put }, fresh: true })
  return row && `insert into ${relation.ident} as target ${row}`
}
