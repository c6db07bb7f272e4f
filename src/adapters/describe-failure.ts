/** What may be logged of an error that a handler threw. */
export interface FailureFacts {
  readonly name: string
  readonly code?: string
  /** Where it was thrown: lines of its stack, without the message above them. */
  readonly stack?: string
}

/** Tells of an error without its message and its other properties: those of PostgreSQL's hold values of rows. */
export function describeFailure(error: unknown): FailureFacts {
  if (!(error instanceof Error)) return { name: typeof error }
  const { name, stack } = error
  const frames = stack?.split('\n').filter((line) => line.startsWith('    at '))
  return {
    name,
    ...('code' in error && { code: String(error.code) }),
    ...(frames && { stack: frames.join('\n') }),
  }
}
