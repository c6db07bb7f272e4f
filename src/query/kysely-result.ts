import type { QueryResult as KyselyResult } from 'kysely'
import type { QueryResult } from '../wire/pg-internals.ts'

/** Kysely's result of a statement, as its own PostgreSQL dialect makes it: PostgreSQL has no insert id. */
export function toKyselyResult<Row>({ command, rowCount, rows }: QueryResult<Row>): KyselyResult<Row> {
  return isWrite(command) ? { numAffectedRows: BigInt(rowCount ?? 0), rows } : { rows }
}

function isWrite(command: string | null): boolean {
  return command === 'INSERT' || command === 'UPDATE' || command === 'DELETE' || command === 'MERGE'
}
