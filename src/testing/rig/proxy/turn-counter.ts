/**
 * Counts the turns of one connection's conversation, from the order in which bytes **arrive at the proxy**.
 *
 * - A *client flush* is a maximal run of client bytes that no server bytes interrupt, however many chunks,
 *   messages or Syncs it holds. It is counted at its first byte.
 * - A *round trip* is a client flush followed by server bytes: the number of times the conversation turns from
 *   client to server. It is counted at the first server byte of the turn; the rest of the answer adds nothing.
 *
 * So `roundTrips <= clientFlushes <= roundTrips + 1`: the last flush may still wait for its answer.
 *
 * A client that awaits every answer is counted exactly, whatever latency the proxy adds: its next bytes cannot
 * arrive before the whole answer has passed. A client that pipelines is counted by what happened: A and B are
 * one flush when B arrived before the first byte of A's answer, and two when it arrived later. Bytes that the
 * proxy then delays, swallows or cuts are counted all the same.
 *
 * Not counted (the caller leaves these bytes out): everything up to the first ReadyForQuery (start-up and
 * authentication), Terminate, which has no answer, and NotificationResponse, which answers nothing.
 */
export class TurnCounter {
  #flushOpen = false

  /** Client bytes arrived; true when they begin a flush. */
  clientSpoke(): boolean {
    const begins = !this.#flushOpen
    this.#flushOpen = true
    return begins
  }

  /** Server bytes arrived; true when they complete a round trip. */
  serverSpoke(): boolean {
    const answers = this.#flushOpen
    this.#flushOpen = false
    return answers
  }

  /** Leaves a flush that is still unanswered out of the count of round trips. */
  forget(): void {
    this.#flushOpen = false
  }
}
