import { setTimeout as sleep } from 'node:timers/promises'
import { CacheUnavailableError } from '../../errors/cache.ts'
import type { SeedNode } from './cluster-seeds.ts'
import { readSlots, type SlotRange } from './cluster-slots.ts'
import { Deadlines } from './deadlines.ts'
import { hashTag, keySlot } from './key-slot.ts'
import { Link, type MakeClient } from './link.ts'
import { type RedisLimits, RedisServer } from './redis-server.ts'
import type { RedisServers } from './redis-servers.ts'
import type { MapAddress } from './resolve-redis.ts'

/** How a cluster is reached. */
export interface ClusterParts {
  readonly seeds: readonly SeedNode[]
  readonly limits: RedisLimits
  readonly mapAddress: MapAddress | undefined
  makeFor(node: SeedNode): MakeClient
}

/**
 * The primaries of a Redis Cluster, each with a life and a breaker of its own. Redirections are not followed: a server that does
 * not have a key any more leads to another look at who has which, and no command reaches a server that was not asked what it is.
 */
export class ClusterServers implements RedisServers {
  readonly #parts: ClusterParts
  readonly #deadlines: Deadlines
  #servers = new Map<string, RedisServer>()
  #bySlot: readonly (RedisServer | undefined)[] = []
  #guide: { readonly link: Link; readonly node: SeedNode } | undefined
  #asked = 0
  #nudge: () => void = ignore
  #isClosed = false

  constructor(parts: ClusterParts) {
    this.#parts = parts
    this.#deadlines = new Deadlines(Math.max(parts.limits.timeoutMs, 100))
    void this.#keepLooking()
  }

  of(key: string): RedisServer {
    const server = this.#bySlot[keySlot(key)]
    if (!server) throw new CacheUnavailableError(this.#isClosed ? 'closed' : 'disconnected')
    return server
  }

  slotOf(key: string): string {
    return hashTag(key)
  }

  all(): readonly RedisServer[] {
    return [...this.#servers.values()]
  }

  close(): void {
    this.#isClosed = true
    for (const server of this.#servers.values()) server.close()
    this.#guide?.link.close()
    this.#nudge()
  }

  async #keepLooking(): Promise<void> {
    const { pollMs, probeMs } = this.#parts.limits
    while (!this.#isClosed) {
      const isKnown = await this.#look().catch(() => false)
      const waiting = new AbortController()
      this.#nudge = () => waiting.abort()
      await sleep(isKnown ? pollMs : probeMs, undefined, { signal: waiting.signal }).catch(ignore)
      this.#nudge = ignore
      // However many commands are redirected, and however long a failover takes, it is asked ten times a second at most.
      if (waiting.signal.aborted && !this.#isClosed) await sleep(Math.min(probeMs, 100))
    }
  }

  /** @returns whether every server can be used */
  async #look(): Promise<boolean> {
    const { link, node } = await this.#ask()
    try {
      this.#arrange(readSlots(await this.#deadlines.run(link.client.cluster('SLOTS')), node))
    } catch (error) {
      this.#dismiss()
      throw error
    }
    return this.all().every((server) => server.life !== undefined)
  }

  /** Asks one node after the other: who is cut off from the others tells an old story. */
  async #ask(): Promise<{ readonly link: Link; readonly node: SeedNode }> {
    if (this.#guide && !this.#guide.link.isEnded) return this.#guide
    const { seeds, limits, makeFor } = this.#parts
    const known = [...this.#servers.keys()].map(nodeOf)
    const nodes = [...known, ...seeds]
    const node = nodes[this.#asked++ % nodes.length] ?? { host: '127.0.0.1', port: 6379 }
    const link = await Link.open(makeFor(node), limits.connectMs)
    this.#guide = { link, node }
    if (this.#isClosed) link.close()
    return this.#guide
  }

  #dismiss(): void {
    this.#guide?.link.close()
    this.#guide = undefined
  }

  #arrange(ranges: readonly SlotRange[]): void {
    if (this.#isClosed) return
    const { limits, makeFor, mapAddress = same } = this.#parts
    const servers = new Map<string, RedisServer>()
    const bySlot: (RedisServer | undefined)[] = []
    for (const { first, last, primary } of ranges) {
      const node = mapAddress(primary)
      const address = `${node.host}:${node.port}`
      const server =
        servers.get(address) ??
        this.#servers.get(address) ??
        new RedisServer(address, makeFor(node), limits, () => this.#lookElsewhere())
      servers.set(address, server)
      for (let slot = first; slot <= last; slot += 1) bySlot[slot] = server
    }
    for (const [address, server] of this.#servers) if (!servers.has(address)) server.close()
    this.#servers = servers
    this.#bySlot = bySlot
  }

  #lookElsewhere(): void {
    this.#dismiss()
    this.#nudge()
  }
}

function nodeOf(address: string): SeedNode {
  const colon = address.lastIndexOf(':')
  return { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) }
}

function same(address: SeedNode): SeedNode {
  return address
}

function ignore(): void {}
