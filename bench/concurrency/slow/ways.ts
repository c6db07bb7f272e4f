import { pathToFileURL } from 'node:url'
import { Client } from 'pg'
import type { Patient } from '../../patients/peer.ts'
import { READ, READ_UNSCOPED, WRITE, WRITE_UNSCOPED } from '../../patients/statements.ts'
import type { SlowStart, SlowWayName } from './messages.ts'

/** A way to work for tenants, of whom some ask for what takes long. */
export interface SlowWay {
  read(tenant: string, id: string): Promise<readonly Patient[]>
  write(tenant: string, id: string, phone: string): Promise<readonly Patient[]>
  /** A read that takes {@link SLOW_SECONDS}. @param comment makes it another text */
  slow(tenant: string, id: string, comment: string): Promise<readonly Patient[]>
}

export const SLOW_SECONDS = 2

/** Longer than all slow reads take one after the other on few connections: how long they wait is not judged. */
const PATIENCE_MS = 300_000

type ConnectWay = (start: SlowStart) => Promise<SlowWay>

async function connectLeasehold(start: SlowStart, multiplex: boolean): Promise<SlowWay> {
  const { url, connections, entry } = start
  const module: typeof import('../../../src/index.ts') = await import(pathToFileURL(entry).href)
  const db = module.createLeasehold({
    primary: { connectionString: url, max: connections, idleTimeoutMillis: 0 },
    multiplex,
    acquireTimeoutMs: PATIENCE_MS,
    timeoutMs: PATIENCE_MS,
  })
  const reader = (tenant: string) => db.tenant(module.uuid(tenant), { readOnly: true })
  return {
    read: async (tenant, id) => (await reader(tenant).query<Patient>(READ.text, [id])).rows,
    write: async (tenant, id, phone) =>
      (await db.tenant(module.uuid(tenant)).query<Patient>(WRITE.text, [id, phone])).rows,
    slow: async (tenant, id, comment) =>
      (await reader(tenant).query<Patient>(slowly(READ.text, comment), [id])).rows,
  }
}

/** Whoever asks takes the next connection in turn, whatever is on it. */
const connectPipelined: ConnectWay = async ({ unscopedUrl, connections }) => {
  const clients = await Promise.all(
    Array.from({ length: connections }, async () => {
      const client = new Client({ connectionString: unscopedUrl, pipeline: true })
      // What uses a connection that was lost is told so itself.
      client.on('error', () => {})
      await client.connect()
      return client
    }),
  )
  let turn = 0
  const ask = async (text: string, values: unknown[]) => {
    turn += 1
    const client = clients[turn % clients.length]
    if (!client) throw new Error('There is no connection.')
    return (await client.query<Patient>(text, values)).rows
  }
  return {
    read: (tenant, id) => ask(READ_UNSCOPED.text, [tenant, id]),
    write: (tenant, id, phone) => ask(WRITE_UNSCOPED.text, [tenant, id, phone]),
    slow: (tenant, id, comment) => ask(slowly(READ_UNSCOPED.text, comment), [tenant, id]),
  }
}

function slowly(text: string, comment: string): string {
  return `${text.replace('from patients', `from patients, pg_sleep(${SLOW_SECONDS})`)} /* ${comment} */`
}

const multiplexed = 'leasehold multiplexed'
const alone = 'leasehold'
const pipelined = 'pg unscoped pipelined'

export const SLOW_WAYS: Readonly<Record<SlowWayName, ConnectWay>> = {
  [multiplexed]: (start) => connectLeasehold(start, true),
  [alone]: (start) => connectLeasehold(start, false),
  [pipelined]: connectPipelined,
}

/** A way with its connections, and with slow reads that are alike or not. */
export interface SlowCase {
  readonly way: SlowWayName
  readonly connections: number
  readonly freshTexts: boolean
  /** Whether it is measured until the last slow read is answered. */
  readonly untilAnswered: boolean
}

/** Whose reads must not be held up. */
export const JUDGED_SLOW: SlowCase = {
  way: multiplexed,
  connections: 10,
  freshTexts: false,
  untilAnswered: true,
}

export const SLOW_CASES: readonly SlowCase[] = [
  JUDGED_SLOW,
  { ...JUDGED_SLOW, freshTexts: true, untilAnswered: false },
  { ...JUDGED_SLOW, connections: 2, untilAnswered: false },
  { ...JUDGED_SLOW, way: alone, untilAnswered: false },
  { ...JUDGED_SLOW, way: pipelined, connections: 2, untilAnswered: false },
]

/** What a case is called. */
export function slowLabel({ way, connections, freshTexts }: SlowCase): string {
  return `${way} on ${connections}${freshTexts ? ', each slow read a new text' : ''}`
}
