/** One row as PostgreSQL writes it: a text for each column, `null` for NULL. */
export type TextRow = readonly (string | null)[]

const NULL_LENGTH = 0xffffffff

/**
 * Writes rows as bytes that stand for exactly one row: each column as its length in four bytes and its text in UTF-8, or
 * `ff ff ff ff` for NULL, so that NULL, '' and a text that runs over into the next column all differ. It is what PostgreSQL's own
 * DataRow message holds.
 *
 * @see https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-DATAROW
 */
export class CanonicalRow {
  #bytes: Buffer = Buffer.allocUnsafe(64 * 1024)

  /** @returns the row's bytes, which hold until the next call */
  encode(row: TextRow): Buffer {
    let most = 0
    // A UTF-16 unit is at most three bytes of UTF-8.
    for (const text of row) most += 4 + (text?.length ?? 0) * 3
    if (most > this.#bytes.length) this.#bytes = Buffer.allocUnsafe(most * 2)
    let at = 0
    for (const text of row) {
      const length = text === null ? 0 : this.#bytes.write(text, at + 4)
      this.#bytes.writeUInt32BE(text === null ? NULL_LENGTH : length, at)
      at += 4 + length
    }
    return this.#bytes.subarray(0, at)
  }
}
