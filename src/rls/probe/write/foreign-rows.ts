import { literal } from '../sql/from.ts'
import { assign, assignable, isRow } from '../sql/row-statements.ts'
import type { Stash } from '../sql/stash.ts'
import { ARM_ONCE, ONCE, TRIPWIRE } from '../sql/tripwire.ts'
import { judgeChange } from './verdict.ts'
import type { WriteProbe } from './write-probe.ts'
import type { WriteSubject } from './write-subject.ts'

/** What is done to rows, and where it ends. */
interface Change {
  /**
   * All of the statement that comes before WHERE.
   *
   * @param reads whether it may name a column
   */
  head(subject: WriteSubject, reads: boolean): string | undefined
  readonly tail?: string
  /** Whether it changes one row in earnest, as the policies have a say in what becomes of it. Otherwise it ends at a tripwire. */
  readonly earnest: boolean
}

const UPDATE: Change = {
  head: ({ relation }, reads) => {
    const column = assignable(relation)
    return column && `update ${relation.ident} set ${assign(reads ? column : { ...column, readable: false })}`
  },
  earnest: true,
}
const DELETE: Change = {
  head: ({ relation }) => (relation.canDelete ? `delete from ${relation.ident}` : undefined),
  earnest: false,
}
const LOCK: Change = {
  head: ({ relation }) => assignable(relation) && `select 1 from ${relation.ident}`,
  tail: ' for update',
  earnest: false,
}

/**
 * A row, found by what tells it apart. CASE keeps any other from stepping on the tripwire. Behind that a view's own conditions might
 * come, so there a row is always changed in earnest.
 */
function found({ relation }: WriteSubject, row: Stash, { earnest }: Change): string {
  const condition = isRow(relation, row)
  return earnest || relation.kind === 'v'
    ? condition
    : `${condition} and case when ${condition} then ${TRIPWIRE} end`
}

function byKey(way: string, change: Change): WriteProbe {
  return {
    way,
    attempt: async (subject) => {
      const head = change.head(subject, true)
      if (!head || !subject.other) return undefined
      const where = found(subject, subject.other, change)
      return judgeChange(await subject.transaction.attempt(`${head} where ${where}${change.tail ?? ''}`))
    },
  }
}

export const updateByKey: WriteProbe = byKey('UPDATE rows of others by their key', UPDATE)
export const deleteByKey: WriteProbe = byKey('DELETE rows of others by their key', DELETE)
export const lockByKey: WriteProbe = byKey('lock rows of others (SELECT ... FOR UPDATE)', LOCK)

/** In earnest: the condition of WHEN MATCHED is asked before the policies of the action. */
export const mergeByKey: WriteProbe = {
  way: 'change rows of others by MERGE',
  attempt: async ({ relation, transaction, other }) => {
    const column = assignable(relation)
    const action = relation.canDelete ? 'delete' : column && `update set ${assign(column, 'target')}`
    if (relation.kind === 'v' || !other || !action) return undefined
    return judgeChange(
      await transaction.attempt(
        `merge into ${relation.ident} as target using (select 1 as leasehold_probe) as source on ${isRow(relation, other)} when matched then ${action}`,
      ),
    )
  },
}

/**
 * A statement that names no column is held by the policies of UPDATE or DELETE alone, and not by those of SELECT. It is tried for a
 * tenant that does not exist, so that any row which it reaches is another's. Of a view, whose tables are tried by themselves, it is a
 * row that this tenant sees.
 */
function withoutColumns(way: string, change: Change): WriteProbe {
  return {
    way,
    attempt: async (subject) => {
      const { relation, transaction, unknown, shown } = subject
      const isView = relation.kind === 'v'
      const head = change.head(subject, isView)
      if (!head || (isView && !shown)) return undefined
      const where = shown ? found(subject, shown, change) : change.earnest ? ONCE : TRIPWIRE
      const attempt = await transaction.attempt(...unknown.statements, ARM_ONCE, `${head} where ${where}`)
      // What an id that is nobody's does to a policy is not to be known beforehand: a seal may be refused.
      return !attempt.done && attempt.code === '42501' ? 'kept out' : judgeChange(attempt)
    },
  }
}

export const updateAny: WriteProbe = withoutColumns('UPDATE rows of others without reading any', UPDATE)
export const deleteAny: WriteProbe = withoutColumns('DELETE rows of others without reading any', DELETE)

/** An UPDATE may find any row, and only make it into one of its own. */
export const takeOver: WriteProbe = {
  way: 'UPDATE rows of others into rows of its own',
  attempt: async ({ relation, transaction, unknown }) => {
    const tenant = relation.columns.find(({ name }) => name === relation.tenant)
    if (relation.kind === 'v' || !tenant?.updatable) return undefined
    const update = `update ${relation.ident} set ${tenant.ident} = ${literal(unknown.id, tenant.type)} where ${ONCE}`
    const attempt = await transaction.attempt(...unknown.statements, ARM_ONCE, update)
    return !attempt.done && attempt.code === '42501' ? 'kept out' : judgeChange(attempt)
  },
}
