/** What a request means to do with the data. */
export type Intent = 'read' | 'write' | 'none'

/** Of the methods that HTTP calls safe, those that answer with data. */
const READING: readonly string[] = ['GET', 'HEAD', 'QUERY']
/** And those that ask about the server only, as a browser does before it sends a request to another origin. */
const ASKING: readonly string[] = ['OPTIONS', 'TRACE']

/**
 * What a request of an HTTP method means to do. Methods are case-sensitive. An unknown one may write, as may work that is no
 * request: a read that is taken for a write still works, a write that is taken for a read fails. Headers that claim another
 * method are nobody's business here.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-safe-methods
 */
export function intentOf(method: string | undefined): Intent {
  if (method === undefined) return 'write'
  if (READING.includes(method)) return 'read'
  return ASKING.includes(method) ? 'none' : 'write'
}
