import { assign, assignable, isRow } from '../sql/row-statements.ts'
import type { Stash } from '../sql/stash.ts'
import { TRIPWIRE } from '../sql/tripwire.ts'
import { judgeChange } from './verdict.ts'
import type { WriteProbe } from './write-probe.ts'
import type { WriteSubject } from './write-subject.ts'

/** What is done to a row that is found. */
type Change = (
  subject: WriteSubject,
  withoutColumns?: boolean,
) => { readonly head: string; readonly tail?: string } | undefined

const UPDATE: Change = ({ relation }, withoutColumns = false) => {
  const column = assignable(relation)
  if (!column) return undefined
  const assignment = assign(withoutColumns ? { ...column, readable: false } : column)
  return { head: `update ${relation.ident} set ${assignment}` }
}
const DELETE: Change = ({ relation }) =>
  relation.canDelete ? { head: `delete from ${relation.ident}` } : undefined
const LOCK: Change = ({ relation }) =>
  assignable(relation) && { head: `select 1 from ${relation.ident}`, tail: ' for update' }

/**
 * A row, found by what tells it apart. In a table the statement ends at the tripwire, which CASE keeps any other row from stepping on.
 * A view's own conditions might only be asked behind that, so there the row is changed in earnest.
 */
function found(subject: WriteSubject, row: Stash): string {
  const condition = isRow(subject.relation, row)
  return subject.relation.kind === 'v'
    ? condition
    : `${condition} and case when ${condition} then ${TRIPWIRE} end`
}

function byKey(way: string, change: Change): WriteProbe {
  return {
    way,
    attempt: async (subject) => {
      const statement = change(subject)
      if (!statement || !subject.other) return undefined
      const { head, tail = '' } = statement
      return judgeChange(
        await subject.transaction.attempt(`${head} where ${found(subject, subject.other)}${tail}`),
      )
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
      const statement = change(subject, !isView)
      if (!statement || (isView && !shown)) return undefined
      const where = shown ? found(subject, shown) : TRIPWIRE
      const attempt = await transaction.attempt(...unknown.statements, `${statement.head} where ${where}`)
      // What an id that is nobody's does to a policy is not to be known beforehand: a seal may be refused.
      return !attempt.done && attempt.code === '42501' ? 'kept out' : judgeChange(attempt)
    },
  }
}

export const updateAny: WriteProbe = withoutColumns('UPDATE rows of others without reading any', UPDATE)
export const deleteAny: WriteProbe = withoutColumns('DELETE rows of others without reading any', DELETE)
