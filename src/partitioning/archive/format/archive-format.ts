import type { ArchivedColumn } from '../archived-shape.ts'
import type { TextRow } from '../canonical-row.ts'

/** How rows lie in an object. */
export interface ArchiveFormat {
  /** Of the object's name. */
  readonly extension: string
  /** Begins an object. */
  begin(columns: readonly ArchivedColumn[]): ObjectWriter
  /**
   * Reads an object again, in the order of its rows.
   *
   * @throws {ArchiveError} `read-back` when it cannot be read as rows of these columns
   */
  read(bytes: Uint8Array, columns: readonly ArchivedColumn[]): AsyncGenerator<readonly TextRow[]>
}

/** One object that is being filled. */
export interface ObjectWriter {
  add(row: TextRow): void
  /** Ends it, and gives its bytes: the same for the same rows, as far as the packer stays the same. */
  finish(): Promise<Uint8Array>
}
