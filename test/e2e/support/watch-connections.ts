import { Client } from 'pg'
import type { Topology } from '../../../examples/platform/topology.ts'

/** The most server connections at one time, on the primary and its replicas together. */
export interface SeenConnections {
  /** Of the role that services work as. */
  readonly app: number
  /** Those, and that of the cache's relay. */
  readonly all: number
  /** How often it was looked. */
  readonly looks: number
}

/** Looks again and again how many server connections the services have. */
export async function watchConnections({
  rig,
  replicas,
}: Topology): Promise<{ stop(): Promise<SeenConnections> }> {
  const clients = [rig.primary, ...replicas.map(({ node }) => node)].map(
    (node) => new Client({ connectionString: node.adminUrl() }),
  )
  await Promise.all(clients.map((client) => client.connect()))
  const most = { app: 0, all: 0, looks: 0 }
  let isOver = false
  const looking = (async () => {
    while (!isOver) {
      const counts = await Promise.all(clients.map(count))
      most.looks += 1
      most.app = Math.max(most.app, sum(counts.map(({ app }) => app)))
      most.all = Math.max(most.all, sum(counts.map(({ all }) => all)))
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  })()
  return {
    async stop() {
      isOver = true
      await looking
      await Promise.all(clients.map((client) => client.end()))
      return { ...most }
    },
  }
}

/** Services' connections only: replicas stream, the watcher looks, and the Console reads, on others. */
async function count(client: Client): Promise<{ readonly app: number; readonly all: number }> {
  const { rows } = await client.query<{ app: number; all: number }>(
    `select (count(*) filter (where usename = 'app'))::int as app, count(*)::int as all from pg_stat_activity
     where usename in ('app', 'cache_relay') and backend_type = 'client backend'`,
  )
  return rows[0] ?? { app: 0, all: 0 }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
