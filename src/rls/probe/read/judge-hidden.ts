import type { ProbeFinding, ProbeReport } from '../report/probe-report.ts'
import type { ProbedRelation } from '../schema/probed-relation.ts'
import type { ReadSource } from './read-source.ts'

/** What somebody sees of a relation. */
export interface Overlap {
  /** How many rows, up to a bound. */
  readonly seen: number
  /** How many of the sampled ones. */
  readonly common: number
}

/** Who sees how much of a relation that does not say whose its rows are. */
export interface HiddenSights {
  /** A tenant that does not exist; the sample is of what it sees. */
  readonly nobody: Overlap
  readonly first: Overlap
  readonly second: Overlap
  /** Rows of the first tenant's sample that the second sees too; 0 where rows cannot be told apart. */
  readonly common: number
}

/**
 * Says of a relation without a readable tenant column what can be said: what all see, and whether that is drawn from tenants' rows.
 *
 * @param empty relations in which neither tenant has rows
 */
export function judgeHidden(
  source: ReadSource & { readonly relation: ProbedRelation },
  sights: HiddenSights,
  empty: ReadonlySet<string>,
  report: ProbeReport,
): void {
  const { relation, object } = source
  const { nobody, first, second, common } = sights
  const toAll = Math.min(nobody.common, first.common, second.common) > 0
  const isView = relation.kind === 'v' || relation.kind === 'm'
  if (relation.tenantSources.length > 0 && relation.tenantSources.every((table) => empty.has(table))) {
    report.notProbed(object, 'what is seen', 'neither tenant has rows in the tables that it is drawn from')
    return
  }
  if (relation.tenant !== null) {
    // The column is there, and the application may not read it: whatever nobody sees is a tenant's.
    if (nobody.seen > 0 || common > 0)
      report.add(describe(source, 'error', 'Rows of tenants are seen by others'))
  } else if (isView && relation.tenantSources.length > 0) {
    const same =
      nobody.seen === first.seen &&
      nobody.seen === second.seen &&
      first.common === nobody.common &&
      second.common === nobody.common
    if (toAll && same) {
      report.add(
        describe(
          source,
          'error',
          'It is drawn from tables of tenants, and shows the same rows to each tenant and even to one that does not exist',
        ),
      )
    } else if (toAll) {
      report.add(
        describe(
          source,
          'warning',
          'It is drawn from tables of tenants, and shows some rows to each tenant and even to one that does not exist',
        ),
      )
    }
  } else if (isView && relation.otherSources.length === 0) {
    return
  } else if (toAll || common > 0) {
    report.add(
      describe(source, 'warning', 'It names no tenant, and the same rows are seen by different tenants'),
    )
  }
  if (Math.max(nobody.seen, first.seen, second.seen) === 0) {
    report.notProbed(object, 'what is seen', 'no rows are seen, by neither tenant')
  }
}

function describe(
  { object, relation, cause, fix }: ReadSource & { readonly relation: ProbedRelation },
  severity: 'error' | 'warning',
  said: string,
): ProbeFinding {
  const drawn = severity === 'error' || relation.tenantSources.length > 0
  return {
    rule: 'probe-hidden-tenant',
    severity,
    object,
    message: `${said}. ${drawn ? cause : 'If they are for all, say so.'}`,
    fix: drawn
      ? `${fix} If its rows are for all, declare it in \`shared\`.`
      : 'Declare it in `shared` if its rows are for all. Otherwise give it the tenant column and policies: `leasehold rls generate`.',
  }
}
