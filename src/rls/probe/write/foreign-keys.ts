import type { ProbeReport } from '../report/probe-report.ts'
import { both } from '../report/wording.ts'
import type { ProbedColumn } from '../schema/probed-column.ts'
import type { ProbedForeignKey } from '../schema/probed-foreign-key.ts'
import type { Attempt } from '../session/attempt.ts'
import { literal } from '../sql/from.ts'
import { isRow, whyNoInsert } from '../sql/row-statements.ts'
import { Stash } from '../sql/stash.ts'
import { isUnclear, type Verdict } from './verdict.ts'
import { found, insertOwn, type WriteSubject } from './write-subject.ts'

/**
 * Lets a row of the actor's refer to a row of the victim's, by every foreign key that is not held within the tenant. Such a row is
 * written and rolled back, also where it is refused: foreign keys are checked once it is there.
 */
export async function probeForeignKeys(subject: WriteSubject, report: ProbeReport): Promise<void> {
  const { object } = subject.relation
  for (const key of subject.relation.foreignKeys) {
    const verdict = await probeForeignKey(subject, key)
    if (verdict === 'reached') report.add(describe(object, key))
    else if (isUnclear(verdict)) report.notProbed(object, `the foreign key ${key.name}`, verdict.unclear)
  }
}

async function probeForeignKey(subject: WriteSubject, key: ProbedForeignKey): Promise<Verdict | undefined> {
  const { relation, transaction, actor, victim } = subject
  if (!key.readable) return { unclear: `the application cannot read keys of ${key.parentObject}` }
  const parent = new Stash('parent', key.parentColumns)
  const rows = `${key.parent} where ${key.parentTenant} = ${literal(victim.tenant.id, key.parentTenantType)}`
  const kept = await transaction.keep(...victim.statements, parent.keep(rows))
  await transaction.settle(...actor.statements)
  if (!found(kept)) {
    return { unclear: kept.done ? `the other tenant has no row in ${key.parentObject}` : kept.code }
  }
  const references = key.columns.flatMap((name, index): readonly Reference[] => {
    const column = relation.columns.find((each) => each.name === name)
    const value = column && parent.cell(key.parentColumns[index] ?? '', column.type)
    return column && value !== undefined ? [{ column, value }] : []
  })
  const attempt = async (text: string | undefined) => text && judge(await transaction.attempt(text))
  // An UPDATE collides with no key, so it comes first.
  const updated = (await attempt(updateToRefer(subject, references))) || undefined
  if (updated !== undefined && !isUnclear(updated)) return updated
  const insert = insertToRefer(subject, references)
  const why = insert && whyNoInsert(relation)
  return why ? { unclear: why } : (await attempt(insert)) || updated
}

/** A column of the foreign key, and what it is to hold. */
interface Reference {
  readonly column: ProbedColumn
  readonly value: string
}

function updateToRefer(
  { relation, own }: WriteSubject,
  references: readonly Reference[],
): string | undefined {
  if (!own || !references.every(({ column }) => column.updatable)) return undefined
  const assignments = references.map(({ column, value }) => `${column.ident} = ${value}`)
  return `update ${relation.ident} set ${assignments.join(', ')} where ${isRow(relation, own)}`
}

function insertToRefer(subject: WriteSubject, references: readonly Reference[]): string | undefined {
  if (!subject.own || !subject.relation.canInsert || !references.every(({ column }) => column.insertable))
    return undefined
  return insertOwn(subject, Object.fromEntries(references.map(({ column, value }) => [column.name, value])))
}

/** All else in the row is as in one that is there, so whichever foreign key refuses it, it is for what was put in. */
function judge(attempt: Attempt): Verdict {
  if (attempt.done) return attempt.rowCount > 0 ? 'reached' : { unclear: 'no row was written' }
  const { code, nested } = attempt
  return ['23503', '42501'].includes(code) && !nested ? 'kept out' : { unclear: code }
}

function describe(object: string, key: ProbedForeignKey) {
  return {
    rule: 'probe-foreign-key',
    severity: 'error',
    object,
    message: `By the foreign key ${key.name} (${both(key.columns)}) a row of one tenant can refer to a row of another in ${key.parentObject}: foreign keys are checked without policies. So a tenant learns which keys exist there, keeps those rows from being deleted, or loses its own with them.`,
    fix: `Let the key hold within the tenant: FOREIGN KEY (tenant, ...) REFERENCES ${key.parentObject} (tenant, ...), on a unique key that begins with the tenant.`,
  } as const
}
