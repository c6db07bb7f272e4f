import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import type { Patient } from '../../patients/peer.ts'
import { onClient, openPool } from '../../patients/peers/pool.ts'
import { READ, SET_TENANT } from '../../patients/statements.ts'
import type { RequestStart, RequestWayName } from './messages.ts'

/** A request: reads, works elsewhere, and reads again. Answers the rows of both. */
export type HandleRequest = (tenant: string, id: string, outsideMs: number) => Promise<readonly Patient[]>

/** How long everybody waits for a connection: leasehold's default. */
const ACQUIRE_MS = 5_000

type ConnectWay = (start: RequestStart) => Promise<HandleRequest> | HandleRequest

/** The textbook: one transaction, from which the request goes away for its work and comes back. */
const connectHeld: ConnectWay = ({ url, connections }) => {
  const pool = openPool({ connectionString: url, max: connections, connectionTimeoutMillis: ACQUIRE_MS })
  return (tenant, id, outsideMs) =>
    onClient(pool, async (client) => {
      await client.query('begin')
      await client.query(SET_TENANT, [tenant])
      const before = await client.query<Patient>(READ.text, [id])
      await sleep(outsideMs)
      const after = await client.query<Patient>(READ.text, [id])
      await client.query('commit')
      return [...before.rows, ...after.rows]
    })
}

async function connectLeasehold(start: RequestStart, multiplex: boolean): Promise<HandleRequest> {
  const { url, connections, entry } = start
  const module: typeof import('../../../src/index.ts') = await import(pathToFileURL(entry).href)
  const db = module.createLeasehold({ primary: { connectionString: url, max: connections }, multiplex })
  return async (tenant, id, outsideMs) => {
    const handle = db.tenant(module.uuid(tenant), { readOnly: true })
    const before = await handle.query<Patient>(READ.text, [id])
    await sleep(outsideMs)
    const after = await handle.query<Patient>(READ.text, [id])
    return [...before.rows, ...after.rows]
  }
}

const held = 'hand-written, transaction held'
const alone = 'leasehold'
const multiplexed = 'leasehold multiplexed'

/** How requests use connections. */
export const REQUEST_WAYS: Readonly<Record<RequestWayName, ConnectWay>> = {
  [held]: connectHeld,
  [alone]: (start) => connectLeasehold(start, false),
  [multiplexed]: (start) => connectLeasehold(start, true),
}

/** A way with its connections. */
export interface RequestCase {
  readonly way: RequestWayName
  readonly connections: number
}

/** What must do with the fewest. */
export const JUDGED_REQUESTS: RequestCase = { way: multiplexed, connections: 2 }

/** As many as the textbook is usually given, and as few as leasehold may have. */
export const REQUEST_CASES: readonly RequestCase[] = [
  { way: held, connections: 100 },
  { way: held, connections: 4 },
  { way: alone, connections: 4 },
  JUDGED_REQUESTS,
]
