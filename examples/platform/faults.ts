import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import type { Topology } from './topology.ts'
import { waitUntil } from './wait-until.ts'

/** Something that is broken until it is mended. */
export interface Fault {
  readonly name: string
  /** Resolves when the server is back; services take a moment more to trust it. */
  heal(): Promise<void>
}

/** How to break the platform. */
export interface Faults {
  /** SIGKILL to a read replica. */
  killReplica(id?: string): Promise<Fault>
  /** SIGKILL to one of the pgbouncers in front of the primary; healed, ECS has started another task. */
  killPgbouncer(): Promise<Fault>
  /** The primary goes down in good order and comes back, as in a change of its instance class. */
  restartPrimary(downMs?: number): Promise<void>
  /** Redis is away. */
  stopRedis(): Promise<Fault>
  /** Replicas replay what is committed so much later; all of them, where none is named. */
  addLag(ms: number, ids?: readonly string[]): Promise<Fault>
  /** The telemetry events' server goes down in good order for a while, and comes back. */
  restartTelemetryDatabase(downMs?: number): Promise<void>
}

/** How long a server is away that goes down in good order. */
const DOWN_MS = 3_000
const CATCH_UP_MS = 30_000

/** The faults of a running platform. In phase 1 there is no replica to break. */
export function faultsOf({ rig, poolers, replicas, telemetry }: Topology): Faults {
  const replica = (id: string) => {
    const found = replicas.find((one) => one.id === id)
    if (found) return found
    throw new Error(
      `There is no replica ${id}. There are: ${replicas.map((one) => one.id).join(', ') || 'none'}.`,
    )
  }
  return {
    async killReplica(id = replicas[0]?.id ?? 'r1') {
      const { node } = replica(id)
      await node.kill()
      return { name: `replica ${id} killed`, heal: () => node.restart() }
    },
    async killPgbouncer() {
      const [pooler] = poolers
      if (!pooler) throw new Error('This platform has no pgbouncer.')
      await pooler.kill()
      return { name: 'pgbouncer killed', heal: () => pooler.restart() }
    },
    async restartPrimary(downMs = DOWN_MS) {
      await rig.primary.stop()
      await sleep(downMs)
      await rig.primary.restart()
    },
    async stopRedis() {
      const { redis } = rig
      if (!redis) throw new Error('This platform has no Redis.')
      await redis.stop()
      return { name: 'Redis stopped', heal: () => redis.restart() }
    },
    async addLag(ms, ids = replicas.map(({ id }) => id)) {
      const nodes = ids.map((id) => replica(id).node)
      await Promise.all(nodes.map((node) => setReplayDelay(node.adminUrl(), ms)))
      return {
        name: `${ids.join(' and ')} ${ms} ms behind`,
        async heal() {
          await Promise.all(nodes.map((node) => setReplayDelay(node.adminUrl(), 0)))
          const lsn = await rig.primary.currentLsn()
          await Promise.all(nodes.map((node) => node.awaitReplay(lsn, CATCH_UP_MS)))
        },
      }
    },
    async restartTelemetryDatabase(downMs = DOWN_MS) {
      await telemetry.primary.stop()
      await sleep(downMs)
      await telemetry.primary.restart()
    },
  }
}

/** `recovery_min_apply_delay` counts from the commit on the primary, so clocks must agree: here they are one. */
async function setReplayDelay(adminUrl: string, ms: number): Promise<void> {
  const client = new Client({ connectionString: adminUrl })
  client.on('error', () => {})
  await client.connect()
  try {
    // ALTER SYSTEM writes a file and no WAL, so a standby takes it.
    await client.query(`alter system set recovery_min_apply_delay = '${Math.round(ms)}ms'`)
    await client.query('select pg_reload_conf()')
    await waitUntil(
      async () => {
        const { rows } = await client.query<{ ms: number }>(
          "select setting::int as ms from pg_settings where name = 'recovery_min_apply_delay'",
        )
        return rows[0]?.ms === Math.round(ms)
      },
      {
        timeoutMs: 5_000,
        everyMs: 20,
        onTimeout: () => new Error('The standby has not read its configuration.'),
      },
    )
  } finally {
    await client.end()
  }
}
