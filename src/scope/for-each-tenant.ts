import pLimit from 'p-limit'
import { hashTenant } from '../context/tenant-hash.ts'
import type { TenantId } from '../context/tenant-id.ts'
import { ForEachTenantError, type TenantFailure } from '../errors/for-each.ts'

/** Failures that an error keeps: as many as anybody reads, so that a million of them do not fill the memory. */
const KEPT_FAILURES = 1_000

/** How a run over many tenants goes. */
export interface ForEachRules {
  readonly concurrency: number
  /** Starts no more once one has failed. */
  readonly stopOnError: boolean
  /** Called before each start. @throws what is to stop the run */
  readonly mayStart: () => void
  /** @throws what says that it is no tenant id */
  readonly parse: (id: unknown) => TenantId
}

/**
 * Works on tenants one by one, so many at a time. Ids are taken from their source as places become free, so that a million
 * of them take no more memory than a few.
 *
 * @throws {ForEachTenantError} when all that were started have ended, for some had failed
 * @throws what stopped the run, such as an error of the source of ids, where no tenant had failed
 */
export async function forEachTenant(
  ids: Iterable<unknown> | AsyncIterable<unknown>,
  rules: ForEachRules,
  work: (id: TenantId) => Promise<unknown>,
): Promise<void> {
  const { concurrency, stopOnError, mayStart, parse } = rules
  const limit = pLimit(concurrency)
  const running = new Set<Promise<void>>()
  const failures: TenantFailure[] = []
  let [index, succeeded, failed] = [0, 0, 0]
  let stop: { readonly cause: unknown } | undefined

  const runOne = async (given: unknown, at: number) => {
    let tenantHash = ''
    try {
      const id = parse(given)
      tenantHash = hashTenant(id)
      await work(id)
      succeeded += 1
    } catch (cause) {
      failed += 1
      if (failures.length < KEPT_FAILURES) failures.push(Object.freeze({ index: at, tenantHash, cause }))
    }
  }

  try {
    for await (const id of ids) {
      mayStart()
      if (stopOnError && failed > 0) throw failures[0]?.cause
      const one: Promise<void> = limit(runOne, id, index).finally(() => running.delete(one))
      running.add(one)
      index += 1
      if (running.size >= concurrency) await Promise.race(running)
    }
  } catch (cause) {
    stop = { cause }
  }
  await Promise.all(running)
  if (failed > 0) {
    const tally = { succeeded, failed, stopped: stop !== undefined }
    throw new ForEachTenantError(tally, failures, stop ? stop.cause : failures[0]?.cause)
  }
  if (stop) throw stop.cause
}
