/**
 * Why a segment got no reply: the connection failed under it. Internal: what it means for the caller depends on
 * what the segment was, so the layer above turns it into an error of the public family.
 */
export class ExchangeFailure extends Error {
  /** Whether any byte of the segment may have reached the server. */
  readonly sent: boolean
  /** The results that had come, one for each statement that was seen to complete. */
  readonly results: readonly unknown[]

  constructor(cause: unknown, sent: boolean, results: readonly unknown[] = []) {
    super('The connection failed before the reply was complete.', { cause })
    this.sent = sent
    this.results = results
  }
}
