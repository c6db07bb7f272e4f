/** What a request means to do with the data. */
export type Intent = 'read' | 'write'

/** Of the methods that HTTP calls safe, those that answer with data. */
const READING: readonly string[] = ['GET', 'HEAD', 'QUERY']

/**
 * What a request of an HTTP method means to do. Methods are case-sensitive. An unknown one may write, as may work that is no
 * request: a read that is taken for a write still works, a write that is taken for a read fails.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-safe-methods
 */
export function intentOf(method: string | undefined): Intent {
  return method !== undefined && READING.includes(method) ? 'read' : 'write'
}
