import type { RedisClient } from './redis-options.ts'

/** The address of a node. */
export interface SeedNode {
  readonly host: string
  readonly port: number
}

/** The nodes that a `Cluster` of ioredis was given: options, URLs or ports; and those that it has learned of. */
export function seedsOf(client: RedisClient): SeedNode[] {
  const given: unknown = Reflect.get(client, 'startupNodes')
  const seeds = Array.isArray(given) ? given.map(readNode) : []
  const nodes: unknown = Reflect.get(client, 'nodes')
  const known: unknown = typeof nodes === 'function' ? nodes.call(client) : []
  if (Array.isArray(known)) {
    for (const node of known) seeds.push(readNode(Reflect.get(Object(node), 'options')))
  }
  const unique = new Map(seeds.map((seed) => [`${seed.host}:${seed.port}`, seed]))
  return [...unique.values()]
}

function readNode(node: unknown): SeedNode {
  if (typeof node === 'number') return { host: '127.0.0.1', port: node }
  if (typeof node === 'string' && URL.canParse(node)) {
    const { hostname, port } = new URL(node)
    return { host: hostname || '127.0.0.1', port: Number(port || 6379) }
  }
  const { host, port } = Object(node) as { host?: unknown; port?: unknown }
  return { host: typeof host === 'string' ? host : '127.0.0.1', port: Number(port ?? 6379) }
}
