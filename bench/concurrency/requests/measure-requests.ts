import { Child } from '../../processes/child.ts'
import { type Failed, refuseFailed } from '../answering.ts'
import { addErrors } from '../errors-seen.ts'
import { type Servers, startFreshPooler } from '../servers.ts'
import { ConnectionWatch, type MostConnections } from './connection-watch.ts'
import type { RequestFigures, RequestOrder, RequestStart } from './messages.ts'
import type { RequestCase } from './ways.ts'

/** Requests at any time. */
export const REQUESTS_AT_ONCE = 1_000
/** What each does elsewhere. */
export const OUTSIDE_MS = 50
/** More than anybody opens: it is not pgbouncer that limits. */
const POOL_SIZE = 150
const WARM_UP_MS = 1_000
const GRACE_MS = 60_000

/** What one way needed. */
export interface RequestsMeasured extends RequestCase, RequestFigures {
  readonly most: MostConnections
}

/** Has an application serve requests, and counts the connections that it takes meanwhile, from the first on. */
export async function measureRequests(
  servers: Servers,
  { way, connections }: RequestCase,
  entry: string,
  durationMs: number,
): Promise<RequestsMeasured> {
  await using pooler = await startFreshPooler(servers, POOL_SIZE)
  await using watch = await ConnectionWatch.start(servers, pooler)
  const url = pooler.url({ user: 'app', database: 'postgres' })
  const start: RequestStart = { way, url, connections, entry }
  await using child = new Child(new URL('request-process.ts', import.meta.url), start)
  const serve = async (forMs: number): Promise<RequestFigures> => {
    const order: RequestOrder = { atOnce: REQUESTS_AT_ONCE, outsideMs: OUTSIDE_MS, durationMs: forMs }
    return refuseFailed(way, await child.ask<RequestFigures | Failed>(order, forMs + GRACE_MS))
  }
  const first = await serve(WARM_UP_MS)
  const figures = await serve(durationMs)
  return {
    ...{ way, connections },
    ...figures,
    errors: addErrors(first.errors, figures.errors),
    foreignRows: first.foreignRows + figures.foreignRows,
    most: await watch.stop(),
  }
}
