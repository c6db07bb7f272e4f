import type { TenantContext } from '../context/context-statement.ts'
import { hashTenant } from '../context/tenant-hash.ts'
import { CommitUnknownError } from '../errors/outcome.ts'
import { ResultUnreadableError } from '../errors/statement.ts'
import type { EventChannel, WorkEvent } from '../telemetry.ts'

/** Runs work and publishes how it ended; adds a clock reading and nothing else where nobody listens. */
export async function observeWork<T>(
  events: EventChannel<WorkEvent>,
  context: TenantContext,
  statements: () => number,
  work: () => Promise<T>,
): Promise<T> {
  const startedAt = performance.now()
  const publish = (outcome: WorkEvent['outcome'], code: string | undefined) =>
    events.publish(() => ({
      tenantHash: hashTenant(context.tenant),
      outcome,
      code,
      readOnly: context.readOnly,
      statements: statements(),
      durationMs: performance.now() - startedAt,
    }))
  try {
    const value = await work()
    publish('committed', undefined)
    return value
  } catch (error) {
    publish(outcomeOf(error), codeOf(error))
    throw error
  }
}

function outcomeOf(error: unknown): WorkEvent['outcome'] {
  if (error instanceof CommitUnknownError) return 'unknown'
  return error instanceof ResultUnreadableError ? 'committed' : 'failed'
}

/** Only a code: a message may quote a value. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
