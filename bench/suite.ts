import type { BenchOptions } from './options.ts'

/** What a suite found, for people and for programs. */
export interface SuiteOutcome {
  /** Lines for standard output. */
  readonly text: string
  /** Beside `suite` and `machine`, in the document that `--json` prints. */
  readonly document: Readonly<Record<string, unknown>>
  /** Why the command ends with 1; empty where it does not. */
  readonly failures: readonly string[]
}

/** A set of measurements that belong together, by its name on the command line. */
export interface Suite {
  readonly name: string
  /** @param log takes lines of progress */
  run(options: BenchOptions, log: (line: string) => void): Promise<SuiteOutcome>
}
