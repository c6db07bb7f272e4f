import { quoteName } from '../../../rls/sql/quote.ts'

/** A table that is attached to a parent. */
export interface AttachedTable {
  /** For SQL. */
  readonly ident: string
  readonly owner: string
  /** Whether the parent has foreign keys. */
  readonly hasForeignKeys: boolean
}

/**
 * The check of a foreign key that comes down reads both tables in one query, as who runs it: row security that is forced on either, as on a
 * table of tenants, makes an error of that, or evaluates its policies without a tenant. Where who runs it may not SELECT from the
 * attached table, PostgreSQL looks its rows up one by one instead, past policies. Nobody else is touched by the REVOKE before the
 * transaction ends.
 *
 * @param attach the statement
 * @see RI_Initial_Check in https://github.com/postgres/postgres/blob/REL_18_STABLE/src/backend/utils/adt/ri_triggers.c
 */
export function attachPastPolicies(
  attach: string,
  { ident, owner, hasForeignKeys }: AttachedTable,
): readonly string[] {
  if (!hasForeignKeys) return [attach]
  const role = quoteName(owner)
  return [
    `revoke select on table ${ident} from ${role};`,
    attach,
    `grant select on table ${ident} to ${role};`,
  ]
}
