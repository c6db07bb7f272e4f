/** SQLSTATE: what PostgreSQL says of itself. */
const SQLSTATE = /^[0-9A-Z]{5}$/
/** What errors of leasehold are known by. Their messages hold no value; what caused them may. */
const OF_LEASEHOLD = /^LSH_ERR_/

/**
 * An error that may be logged whole, for a framework that logs what it is not told to. PostgreSQL puts values of rows and of parameters
 * into its messages and details, and an error of leasehold has one of those as its cause. Its code stays, by which `problemOf` knows it.
 *
 * @returns every other thing that was thrown, such as a redirect, as it is
 */
export function withoutValues(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || !('code' in thrown)) return thrown
  const { name, message, code, stack } = thrown
  const isOfLeasehold = OF_LEASEHOLD.test(String(code))
  if (!isOfLeasehold && !SQLSTATE.test(String(code))) return thrown
  const quiet = new Error(isOfLeasehold ? message : `PostgreSQL refused a statement: SQLSTATE ${code}.`)
  const frames = stack?.split('\n').filter((line) => line.startsWith('    at ')) ?? []
  quiet.stack = [`${name}: ${quiet.message}`, ...frames].join('\n')
  const { retryAfterMs } = thrown as { readonly retryAfterMs?: unknown }
  return Object.assign(quiet, { name, code, ...(retryAfterMs !== undefined && { retryAfterMs }) })
}
