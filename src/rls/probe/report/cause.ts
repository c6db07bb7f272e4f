import type { ProbedFunction } from '../schema/probed-function.ts'
import type { ProbedRelation } from '../schema/probed-relation.ts'

/** Why rows get through, by what the catalogs say, and what to do. */
export interface Cause {
  readonly cause: string
  readonly fix: string
}

const DECLARE = 'or declare it in `shared` if its rows are for all'

/** Why a relation shows, or takes, rows of other tenants. */
export function causeOf({ kind, invoker, rowSecurity, partition, owned, forced }: ProbedRelation): Cause {
  if (kind === 'v' && !invoker) {
    return {
      cause: 'The view stands before its tables with the rights of its owner.',
      fix: 'Make it stand there with the rights of whoever asks, ALTER VIEW ... SET (security_invoker = true), and grant the application the tables.',
    }
  }
  if (kind === 'v')
    return {
      cause: 'A table below the view lets them through.',
      fix: 'Mend the table, or what the view calls.',
    }
  if (kind === 'm') {
    return {
      cause: 'No policy applies to a materialized view.',
      fix: `Revoke it from the application and give it a view that filters by the tenant, ${DECLARE}.`,
    }
  }
  if (kind === 'f') {
    return {
      cause: 'No policy applies to a foreign table.',
      fix: `Revoke it from the application and give it a view that filters by the tenant, ${DECLARE}.`,
    }
  }
  if (!rowSecurity && partition) {
    return {
      cause:
        'Whoever names the partition itself is not held by the policies of its parent, and row security is off on it.',
      fix: 'Revoke the partition from the application, which reaches it through its parent, and turn row security on.',
    }
  }
  if (!rowSecurity) {
    return {
      cause: 'Row security is off.',
      fix: 'Turn row security on and add the canonical policies: `leasehold rls generate`.',
    }
  }
  if (owned && !forced) {
    return {
      cause: "The application has the rights of the table's owner, and row security is not forced.",
      fix: 'Give the table an owner that the application is no member of, and ALTER TABLE ... FORCE ROW LEVEL SECURITY.',
    }
  }
  return {
    cause: 'Its policies let them through.',
    fix: 'Compare them with the canonical ones of `leasehold rls generate`. Permissive policies are joined by OR, so the widest one counts.',
  }
}

/** Why a function shows rows of other tenants. */
export function causeOfFunction({ definer }: ProbedFunction): Cause {
  return definer
    ? {
        cause: 'It runs with the rights of its owner.',
        fix: 'Make it SECURITY INVOKER, or let it filter by the tenant that the transaction is for, or revoke EXECUTE from the application and from PUBLIC.',
      }
    : { cause: 'What it reads or calls lets them through.', fix: 'Mend what it reads and calls.' }
}
