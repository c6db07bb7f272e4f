/** What a form shows after an attempt that did not succeed. */
export interface FormState {
  /** Empty before the first attempt. */
  readonly problem: string
  /** What stood in its fields, which React empties. */
  readonly values: Readonly<Record<string, string>>
}

export const UNTRIED: FormState = { problem: '', values: {} }
