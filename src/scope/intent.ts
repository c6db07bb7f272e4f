/** What a request means to do with the data. */
export type Intent = 'read' | 'write'

/** HTTP calls them safe. OPTIONS and TRACE are safe too, but have no business with data: were they to ask, it is a surprise. */
const READING: readonly string[] = ['GET', 'HEAD', 'QUERY']

/**
 * What a request of an HTTP method means to do. Methods are case-sensitive, and an unknown one may write, as may work that is no
 * request: that costs no more than a replica's share, while taking a write for a read fails it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-safe-methods
 */
export function intentOf(method: string | undefined): Intent {
  return method !== undefined && READING.includes(method) ? 'read' : 'write'
}
