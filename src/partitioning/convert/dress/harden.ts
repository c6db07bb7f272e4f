import { quoteName } from '../../../rls/sql/quote.ts'
import type { TableShape } from '../shape/table-shape.ts'
import { revokeAll } from './grants.ts'

/**
 * Makes a table one that nobody reaches but through its parent: policies of a parent do not hold for a partition that is named
 * itself, and forced row security without a policy shows nothing, to its owner either.
 */
export function harden(ident: string, shape: TableShape): readonly string[] {
  return [
    `alter table ${ident} enable row level security;`,
    `alter table ${ident} force row level security;`,
    revokeAll(ident, [...shape.grants.map(({ grantee }) => grantee), ...shape.defaultGrantees]),
  ]
}

/** Takes policies and triggers of its own from a table that becomes a partition; its parent has them now. */
export function undress(ident: string, shape: TableShape): readonly string[] {
  return [
    ...shape.policies.map(({ name }) => `drop policy ${quoteName(name)} on ${ident};`),
    // ATTACH makes those of the parent anew, and fails where one of the name is there.
    ...shape.triggers.map(({ name }) => `drop trigger ${quoteName(name)} on ${ident};`),
  ]
}
