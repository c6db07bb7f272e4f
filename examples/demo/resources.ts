/** The exit code of a program that was interrupted. */
const INTERRUPTED = 130

/** What a program uses, and whether it is to stop. */
export interface Run {
  /** Is ended when the program is over, has failed or was interrupted, in reverse order. */
  readonly resources: AsyncDisposableStack
  readonly signal: AbortSignal
}

/** Runs a program that Ctrl-C stops in good order. Answers its exit code. */
export async function withResources(program: (run: Run) => Promise<number>): Promise<number> {
  const interruption = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => interruption.abort())
  const { signal } = interruption
  try {
    await using resources = new AsyncDisposableStack()
    return await program({ resources, signal })
  } catch (error) {
    // What was under way has failed because of it.
    if (!signal.aborted) throw error
    console.error('\nInterrupted: everything is stopped and removed.')
    return INTERRUPTED
  }
}
