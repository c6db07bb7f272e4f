import type { Operation } from './operations.ts'
import type { Variant } from './tenant-access.ts'

/** What came of a list of operations. */
export interface Tally {
  readonly operations: number
  /** Rows that came back and belong to another tenant than the one that asked. */
  readonly foreignRows: number
  /** Operations that failed, or answered anything but all of the tenant's own rows. */
  readonly wrongAnswers: number
  /** Rows whose insertion was acknowledged. */
  readonly inserted: number
  readonly seconds: number
  /** The first that an operation threw. */
  readonly error?: unknown
}

export interface MeasureOptions {
  /** How many operations are under way at any time. */
  readonly callers: number
  /** Makes it reject before the next operation. */
  readonly signal: AbortSignal
  /** Called after each operation. */
  readonly onProgress?: (sofar: Pick<Tally, 'operations' | 'foreignRows'>) => void
}

/** Marks what a variant writes for a tenant. */
export function signatureOf(variant: Variant['name'], tenantId: string): string {
  return `demo:${variant}:${tenantId}`
}

/** Runs every operation once, as `callers` do who each take the next when they have their answer. */
export async function measure(
  variant: Variant,
  operations: readonly Operation[],
  { callers, signal, onProgress }: MeasureOptions,
): Promise<Tally> {
  const tally = { operations: 0, foreignRows: 0, wrongAnswers: 0, inserted: 0, error: undefined as unknown }
  const waiting = operations.values()

  async function work(): Promise<void> {
    for (const { tenantId, rows: expected, inserts, run } of waiting) {
      signal.throwIfAborted()
      try {
        const rows = await run(variant.as(tenantId), signatureOf(variant.name, tenantId))
        const own = rows.filter((row) => row.tenant_id === tenantId).length
        tally.foreignRows += rows.length - own
        if (own !== expected || rows.length !== expected) tally.wrongAnswers += 1
        tally.inserted += Math.min(own, inserts)
      } catch (error) {
        tally.wrongAnswers += 1
        tally.error ??= error
      }
      tally.operations += 1
      onProgress?.(tally)
    }
  }

  const began = performance.now()
  await Promise.all(Array.from({ length: callers }, work))
  return { ...tally, seconds: (performance.now() - began) / 1000 }
}
