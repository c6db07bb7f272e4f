/** Variables of the environment are missing or wrong. Names them, and never says what their values were. */
export class EnvError extends Error {
  override readonly name = 'EnvError'
  /** The variables, in the order of the schema. */
  readonly variables: readonly string[]

  constructor(faults: readonly { readonly variable: string; readonly fault: string }[]) {
    super(
      `The environment is not as it should be. ${faults.map(({ variable, fault }) => `${variable}: ${fault}.`).join(' ')}`,
    )
    this.variables = faults.map(({ variable }) => variable)
  }
}
