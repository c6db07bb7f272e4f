/** What `serve` starts and stops. */
export interface Servable {
  /** Names the service in what is printed. */
  readonly service: string
  /** Begins to listen; returns the address, such as `http://127.0.0.1:8080`. */
  listen(): Promise<string>
  /** Takes no new requests, lets those in flight end, then lets go of the database. */
  close(): Promise<void>
}

/** ECS kills a task 30 s after SIGTERM. */
const STOP_LIMIT_MS = 25_000

/**
 * Runs a service until SIGTERM or SIGINT, then stops it and ends the process with 0, or with 1 where it did not stop in time.
 * A service that cannot start ends the process with 1, and a line that says why.
 */
export async function serve({ service, listen, close }: Servable): Promise<void> {
  const stop = (signal: NodeJS.Signals) => {
    // The second signal ends the process at once.
    for (const name of SIGNALS) process.removeListener(name, stop)
    const limit = setTimeout(
      () => exit(service, `did not stop within ${STOP_LIMIT_MS} ms of ${signal}`, 1),
      STOP_LIMIT_MS,
    )
    limit.unref()
    close().then(
      () => exit(service, `stopped by ${signal}`, 0),
      (error: unknown) => exit(service, `failed to stop: ${wordsOf(error)}`, 1),
    )
  }
  for (const signal of SIGNALS) process.on(signal, stop)
  try {
    print(service, `listens on ${await listen()}`)
  } catch (error) {
    exit(service, `cannot start: ${wordsOf(error)}`, 1)
  }
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const

function exit(service: string, words: string, code: number): void {
  print(service, words)
  process.exit(code)
}

function print(service: string, words: string): void {
  process.stdout.write(`${service} ${words}\n`)
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}
