import {
  type CompiledQuery,
  DeleteResult,
  InsertResult,
  MergeResult,
  type QueryResult,
  UpdateResult,
} from 'kysely'

/**
 * What `execute()` of a builder makes of a result: its rows, or one object that counts for a write without RETURNING.
 *
 * @param query the root of what was compiled
 */
export function executedRows(
  query: CompiledQuery['query'],
  { rows, numAffectedRows, numChangedRows, insertId }: QueryResult<unknown>,
): readonly unknown[] {
  switch (query.kind) {
    case 'InsertQueryNode':
      return query.returning ? rows : [new InsertResult(insertId, numAffectedRows ?? 0n)]
    case 'UpdateQueryNode':
      return query.returning ? rows : [new UpdateResult(numAffectedRows ?? 0n, numChangedRows)]
    case 'DeleteQueryNode':
      return query.returning ? rows : [new DeleteResult(numAffectedRows ?? 0n)]
    case 'MergeQueryNode':
      return query.returning ? rows : [new MergeResult(numAffectedRows)]
    default:
      return rows
  }
}
