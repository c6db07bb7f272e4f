/** What is read of the JSON report that vitest writes. */
export interface TestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly message?: string
    readonly assertionResults: readonly { readonly failureMessages?: readonly string[] }[]
  }[]
  /** Files that failed, and passed when they were run again alone. */
  readonly passedAlone?: readonly string[]
}
