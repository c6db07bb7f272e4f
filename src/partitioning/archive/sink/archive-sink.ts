/**
 * Where archives go. Names are relative, of ASCII letters, digits, `.`, `_`, `-` and `/`. An object is there whole or not at all, and
 * is never written over.
 */
export interface ArchiveSink {
  /** Where an object of that name is: `file:///…` or `s3://…`. */
  uri(name: string): string
  /**
   * Writes an object whole. Where one of that name and size is there already it is left as it is, as names hold the hash of what is in
   * them; the caller reads it back in any case.
   *
   * @throws {ArchiveError} `sink`, or `sink-conflict` where the name is taken by something of another size
   */
  put(name: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void>
  /** @throws {ArchiveError} `sink`, also where there is no such object */
  get(name: string, signal?: AbortSignal): Promise<Uint8Array>
  close(): Promise<void>
}
