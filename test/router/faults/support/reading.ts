import { setTimeout as sleep } from 'node:timers/promises'
import type { CallOptions, Leasehold, Route } from '../../../../src/index.ts'
import { TENANT_A } from '../../../support/notes.ts'

/** What one read came to. */
export interface ReadEnd {
  readonly route: Route | undefined
  readonly error: unknown
  readonly startedAtMs: number
  readonly tookMs: number
  readonly rows: readonly unknown[]
}

/** Counts what the tenant sees, on what kind of server. */
export const COUNT = 'select pg_is_in_recovery() as standby, count(*)::int as notes from notes'

/** Reads once, on a replica if there is one, and never throws. */
export async function readOnce(
  db: Leasehold,
  text: string = COUNT,
  options: CallOptions = {},
): Promise<ReadEnd> {
  const startedAtMs = performance.now()
  let found: Route | undefined
  const onRoute = (route: Route) => {
    found = route
  }
  const end = (rest: Pick<ReadEnd, 'error' | 'rows'>) => ({
    ...rest,
    route: found,
    startedAtMs,
    tookMs: performance.now() - startedAtMs,
  })
  try {
    const { rows } = await db.tenant(TENANT_A, { route: 'replica', onRoute, ...options }).query(text)
    return end({ error: undefined, rows })
  } catch (error) {
    return end({ error, rows: [] })
  }
}

/** Reads one after the other. */
export async function readTimes(
  count: number,
  db: Leasehold,
  text: string = COUNT,
  options: CallOptions = {},
): Promise<ReadEnd[]> {
  const ends: ReadEnd[] = []
  for (let n = 0; n < count; n++) ends.push(await readOnce(db, text, options))
  return ends
}

/** Several readers, each of whom reads again and again, until `work` has ended. */
export async function readDuring(
  work: Promise<unknown>,
  db: Leasehold,
  { readers = 4, text = COUNT, options = {} as CallOptions } = {},
): Promise<ReadEnd[]> {
  const ends: ReadEnd[] = []
  let working = true
  const read = async () => {
    while (working) {
      ends.push(await readOnce(db, text, options))
      await sleep(1)
    }
  }
  const reading = Promise.all(Array.from({ length: readers }, read))
  try {
    await work
  } finally {
    working = false
    await reading
  }
  return ends
}

/** The errors that users would have seen. */
export function errorsOf(ends: readonly ReadEnd[]): unknown[] {
  return ends.map(({ error }) => error).filter((error) => error !== undefined)
}

/** Who served. */
export function targetsOf(ends: readonly ReadEnd[]): Set<string | undefined> {
  return new Set(ends.map(({ route }) => route?.target))
}
