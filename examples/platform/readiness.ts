/** The status of `/readyz`, or why there is none. */
export async function readiness(port: number): Promise<number | string> {
  try {
    const { status } = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(5_000) })
    return status
  } catch (error) {
    return error instanceof Error ? String(error.cause ?? error.message) : String(error)
  }
}
