/** `error`: rows can reach another tenant. `warning`: they can once one more thing goes wrong. `info`: good to know. */
export type Severity = 'error' | 'warning' | 'info'

/** One thing that is wrong in a database, and what to do about it. Holds names of objects, never a row's value. */
export interface Finding {
  /** The rule or the probe that found it, such as `rls-disabled`. */
  readonly rule: string
  readonly severity: Severity
  /** What it was found on: `schema.name` where it lies in a schema, unquoted. */
  readonly object: string
  /** Where the object is a file; counted from 1. No part of what makes a finding the same one later: lines move. */
  readonly line?: number | undefined
  readonly message: string
  /** What to do, in a sentence. */
  readonly fix: string
  /** The statements that do it, each ended by a semicolon, where statements can. */
  readonly sql?: string | undefined
}
