/*
 * Errors in the shape in which pg and Node report them, as seen on PostgreSQL 18.4, pgbouncer 1.18 and 1.24.
 */

/** An error of PostgreSQL's own; it always names the routine that raised it. */
export function serverError(code: string, message = 'any text', routine = 'ExecutorRun'): Error {
  return Object.assign(new Error(message), { severity: 'ERROR', code, routine })
}

/** An error of pgbouncer's, which has no routine. */
export function poolerError(message: string, code = '08P01'): Error {
  return Object.assign(new Error(message), { severity: 'FATAL', code, routine: undefined })
}

/** An error of the network. */
export function networkError(code: string, syscall: string): Error {
  return Object.assign(new Error(`${syscall} ${code} 127.0.0.1:5432`), { code, syscall })
}
