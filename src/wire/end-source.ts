import { ClosedError } from '../errors/outcome.ts'
import type { Deadline } from './deadline.ts'
import type { TenantSource } from './tenant-source.ts'
import { WireConnection } from './wire-connection.ts'

/** How long a pool may take to end connections that nobody uses. */
const POOL_END_LIMIT_MS = 1_000

/** How a source is ended. */
export interface SourceEnd {
  /** Asked inside each new request for a connection: whether it belongs to work that had begun before. */
  readonly mayFinish: () => boolean
  /** Settles when calls that had begun before need no connection any more. */
  readonly calls: Promise<void>
  /** By when what is in flight has to be done. */
  readonly deadline: Deadline
  /** Whether the pool is leasehold's own, and is ended too. */
  readonly endsPool: boolean
}

/** Lets what is in flight finish until the deadline, then destroys its connections. Never throws. */
export async function endSource(source: TenantSource, end: SourceEnd): Promise<void> {
  const { admission, multiplexer, pool } = source
  const { mayFinish, calls, deadline, endsPool } = end
  admission.close(mayFinish)
  await within(
    deadline.remainingMs(),
    calls.then(() => multiplexer?.empty()).then(() => admission.empty()),
  )
  admission.close()
  const cause = new ClosedError(
    `close() destroyed the connection: its work was still running after drainMs, ${deadline.timeoutMs} ms.`,
  )
  multiplexer?.endAll(cause)
  admission.endAll(cause, (client) => WireConnection.of(client).destroy(cause))
  if (endsPool) await within(POOL_END_LIMIT_MS, pool.end())
}

/** Waits for work, for so long at most. What it comes to does not matter here. */
async function within(limitMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs)
  })
  try {
    await Promise.race([work.catch(() => {}), limit])
  } finally {
    clearTimeout(timer)
  }
}
