import { causeOf } from '../report/cause.ts'
import type { ProbeReport } from '../report/probe-report.ts'
import { both } from '../report/wording.ts'
import type { ProbedRelation } from '../schema/probed-relation.ts'
import type { ProbeSession } from '../session/probe-session.ts'
import { probeConflicts } from './conflicts.ts'
import { probeForeignKeys } from './foreign-keys.ts'
import {
  deleteAny,
  deleteByKey,
  lockByKey,
  mergeByKey,
  takeOver,
  updateAny,
  updateByKey,
} from './foreign-rows.ts'
import { copyIn, giveAway, insertForeign, mergeForeign } from './new-rows.ts'
import { isUnclear } from './verdict.ts'
import type { WriteProbe } from './write-probe.ts'
import { openSubject, type Writers, type WriteSubject } from './write-subject.ts'

/** What is tried where the tenant of a row is known. */
const BY_TENANT: readonly WriteProbe[] = [
  insertForeign,
  mergeForeign,
  copyIn,
  giveAway,
  takeOver,
  updateByKey,
  deleteByKey,
  mergeByKey,
  lockByKey,
]
/** What is tried on every relation. */
const BY_ANYBODY: readonly WriteProbe[] = [updateAny, deleteAny]

/**
 * Tries to write into a relation where another tenant's rows are, in a transaction that is rolled back.
 *
 * TRUNCATE is not tried: it would lock the table against everybody, on replicas too. PostgreSQL asks for nothing but the privilege.
 *
 * @see https://www.postgresql.org/docs/current/ddl-rowsecurity.html
 */
export async function probeWrites(
  session: ProbeSession,
  relation: ProbedRelation,
  writers: Writers,
  report: ProbeReport,
): Promise<void> {
  if (relation.canTruncate) report.add(describeTruncate(relation.object))
  if (!isWritable(relation)) return
  if (relation.outside !== null) {
    report.notProbed(relation.object, 'writes', relation.outside)
    return
  }
  await session.writing(async (transaction) => {
    const subject = await openSubject(transaction, relation, writers)
    await tryAll(subject, report)
    if (relation.tenant === null) return
    await probeConflicts(subject, report)
    await probeForeignKeys(subject, report)
  })
}

function isWritable({ kind, canInsert, canDelete, columns }: ProbedRelation): boolean {
  return (
    ['r', 'p', 'v'].includes(kind) && (canInsert || canDelete || columns.some(({ updatable }) => updatable))
  )
}

async function tryAll(subject: WriteSubject, report: ProbeReport): Promise<void> {
  const { relation } = subject
  const { object, tenant } = relation
  const ways: string[] = []
  for (const { way, attempt } of tenant === null ? BY_ANYBODY : [...BY_TENANT, ...BY_ANYBODY]) {
    const verdict = await attempt(subject)
    if (verdict === 'reached') ways.push(way)
    else if (isUnclear(verdict)) report.notProbed(object, way, verdict.unclear)
  }
  const changes = relation.canDelete || relation.columns.some(({ updatable }) => updatable)
  if (tenant !== null && changes && !subject.other) {
    report.notProbed(object, 'changes of a row of another tenant', 'none is seen even by its own')
  }
  if (ways.length === 0) return
  const { cause, fix } = causeOf(relation)
  report.add(
    tenant === null && relation.tenantSources.length === 0
      ? {
          rule: 'probe-write',
          severity: 'warning',
          object,
          message: `Whoever works for a tenant, even for one that does not exist, can ${both(ways)}: the relation names no tenant. ${cause}`,
          fix: 'Take the privileges back, or give the table the tenant column and policies. If its rows are for all, declare it in `shared`.',
        }
      : {
          rule: 'probe-write',
          severity: 'error',
          object,
          message: `Work for one tenant can ${both(ways)}. ${cause}`,
          fix,
        },
  )
}

function describeTruncate(object: string) {
  return {
    rule: 'probe-truncate',
    severity: 'error',
    object,
    message: 'The application has TRUNCATE, which no policy limits: it removes the rows of all tenants.',
    fix: 'Revoke TRUNCATE from the application and the roles that it is a member of.',
  } as const
}
