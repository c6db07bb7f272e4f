import type { ServerError } from '../errors/server-error.ts'

/** SQLSTATE `invalid_sql_statement_name`: the session's prepared statements were dropped, by DISCARD or DEALLOCATE. */
export function isUnknownName(error: ServerError): boolean {
  return error.code === '26000'
}

/** The columns of a prepared statement changed under it. SQLSTATE 0A000 has many meanings; only this routine means that. */
export function isStalePlan(error: ServerError): boolean {
  return error.code === '0A000' && error.routine === 'RevalidateCachedQuery'
}

/** Whether a statement failed only because of how it was prepared, so that it may run when it is sent without a name. */
export function isPreparationFailure(error: ServerError): boolean {
  return isUnknownName(error) || isStalePlan(error)
}
