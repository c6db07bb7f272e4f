import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { type RedisNode, type RedisNodeOptions, startRedis } from '../../src/testing/rig/redis-node.ts'
import { RunFolder } from '../../src/testing/rig/run-folder.ts'

const START_MS = 20_000
/** How many slots a Redis Cluster has. */
const SLOTS = 16_384

/** Redis servers of one test, and clients that look into them. */
export class RedisRig {
  readonly #folder: RunFolder
  readonly #clients: Redis[] = []

  private constructor(folder: RunFolder) {
    this.#folder = folder
  }

  static async open(): Promise<RedisRig> {
    return new RedisRig(await RunFolder.open())
  }

  get path(): string {
    return this.#folder.path
  }

  start(options: RedisNodeOptions = {}): Promise<RedisNode> {
    return startRedis(this.#folder, START_MS, options)
  }

  /** Starts primaries of a Redis Cluster that share out the slots, and waits until all agree. */
  async startCluster(count: number): Promise<readonly RedisNode[]> {
    const args = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000']
    const nodes: RedisNode[] = []
    for (let index = 0; index < count; index += 1) {
      nodes.push(await this.start({ name: `cluster${index}`, args }))
    }
    const [first] = nodes
    const each = Math.ceil(SLOTS / count)
    for (const [index, node] of nodes.entries()) {
      const client = this.client(node)
      const last = Math.min(SLOTS, (index + 1) * each) - 1
      await client.call('CLUSTER', 'ADDSLOTSRANGE', String(index * each), String(last))
      if (first && node !== first) await client.call('CLUSTER', 'MEET', first.host, String(first.port))
    }
    for (const node of nodes) await this.until(node, 'cluster_state:ok', count)
    return nodes
  }

  /** Waits until a node of a cluster knows so many, and has a state. */
  async until(node: RedisNode, state: string, count: number): Promise<void> {
    const client = this.client(node)
    const giveUpAt = performance.now() + START_MS
    for (;;) {
      const info = String(await client.call('CLUSTER', 'INFO'))
      if (info.includes(state) && info.includes(`cluster_known_nodes:${count}\r`)) return
      if (performance.now() > giveUpAt) throw new Error(`The cluster did not come to be: ${info}`)
      await sleep(50)
    }
  }

  client({ host, port }: Pick<RedisNode, 'host' | 'port'>): Redis {
    const client = new Redis({ host, port })
    client.on('error', () => {})
    this.#clients.push(client)
    return client
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.disconnect()
    await this.#folder.remove()
  }
}
