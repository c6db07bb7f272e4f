/** What a command sees of the process that it runs in. */
export interface Terminal {
  /** Writes a result, and a line break, to standard output. */
  print(text: string): void
  /** Writes what is not the result to standard error. */
  note(text: string): void
  readonly env: Readonly<Record<string, string | undefined>>
  /** The folder that relative paths start from. */
  readonly folder: string
  /** Aborted once somebody asks the process to end: the first time it is asked, what is under way may come to its end. */
  interruption(): AbortSignal
  /** The version of leasehold. */
  readonly version: string
}
