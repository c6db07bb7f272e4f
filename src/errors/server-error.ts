/** An error that PostgreSQL, or a pooler in its name, reported: `DatabaseError` of whichever copy of pg is in use. */
export interface ServerError extends Error {
  /** The SQLSTATE. */
  readonly code: string
  readonly severity: string
  /** The function of the server's source that raised it. */
  readonly routine?: string | undefined
  /** The schema, table and constraint that it is about. */
  readonly schema?: string | undefined
  readonly table?: string | undefined
  readonly constraint?: string | undefined
}

/** Tells an error that the server reported from one of the network or of pg itself. */
export function isServerError(error: unknown): error is ServerError {
  return (
    error instanceof Error &&
    'severity' in error &&
    typeof error.severity === 'string' &&
    'code' in error &&
    typeof error.code === 'string'
  )
}
