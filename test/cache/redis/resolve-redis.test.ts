import { Redis } from 'ioredis'
import { describe, expect, it } from 'vitest'
import { linkOptions } from '../../../src/cache/redis/client-options.ts'
import { seedsOf } from '../../../src/cache/redis/cluster-seeds.ts'
import { connectRedis } from '../../../src/cache/redis/connect-redis.ts'
import { resolveRedis } from '../../../src/cache/redis/resolve-redis.ts'

describe('where Redis is', () => {
  it.each([
    [{}, { host: '127.0.0.1', port: 6379 }],
    [
      { host: 'h', port: 1, database: 2 },
      { host: 'h', port: 1, db: 2 },
    ],
    [{ url: 'redis://h:1/2' }, { host: 'h', port: 1, db: 2 }],
    [{ url: 'rediss://u%40:p%2F@h' }, { host: 'h', port: 6379, username: 'u@', password: 'p/', tls: {} }],
    [{ url: 'redis://[::1]:7' }, { host: '::1', port: 7 }],
    [
      { url: 'redis://u:p@h', password: 'q', tls: true },
      { host: 'h', port: 6379, username: 'u', password: 'q', tls: {} },
    ],
    [{ tls: { servername: 's' } }, { host: '127.0.0.1', port: 6379, tls: { servername: 's' } }],
  ])('%j', (redis, options) => {
    expect(resolveRedis(redis).options).toEqual(options)
  })

  it.each([
    [undefined],
    ['redis://h'],
    [{ url: 'http://h' }],
    [{ url: 'redis:' }],
    [{ nodes: [] }],
    [{ credentials: () => ({ password: 'a' }), password: 'b' }],
  ])('is not %j', (redis) => {
    expect(() => resolveRedis(redis as object)).toThrow(/cache\.redis/)
  })

  it('is nodes of a cluster', () => {
    const resolved = resolveRedis({ nodes: [{ host: 'a', port: 1 }], username: 'u', tls: true })
    expect(resolved).toMatchObject({ seeds: [{ host: 'a', port: 1 }], options: { username: 'u', tls: {} } })
  })

  it('is what a client was told, whose addresses are mapped as it maps them', () => {
    const cluster = {
      isCluster: true,
      options: { redisOptions: { password: 'p' }, natMap: { 'in:1': { host: 'out', port: 2 } } },
      startupNodes: [6379, 'redis://a:1', { host: 'b' }, { host: 'b', port: '6379' }],
      nodes: () => [{ options: { host: 'c', port: 3 } }],
      duplicate: () => undefined,
    }
    expect(seedsOf(cluster)).toEqual([
      { host: '127.0.0.1', port: 6379 },
      { host: 'a', port: 1 },
      { host: 'b', port: 6379 },
      { host: 'c', port: 3 },
    ])
    const { options, mapAddress } = resolveRedis(cluster)
    expect(options).toEqual({ password: 'p' })
    expect(mapAddress?.({ host: 'in', port: 1 })).toEqual({ host: 'out', port: 2 })
    expect(mapAddress?.({ host: 'in', port: 2 })).toEqual({ host: 'in', port: 2 })
  })

  it('is connected to with limits of the cache’s own, whatever the client has', () => {
    const theirs = new Redis({
      lazyConnect: true,
      keyPrefix: 'p:',
      commandTimeout: 1,
      retryStrategy: () => 1,
      reconnectOnError: () => 2,
      enableAutoPipelining: true,
      readOnly: true,
      password: 'kept',
    })
    expect(linkOptions(theirs.options)).toMatchObject({
      lazyConnect: true,
      retryStrategy: null,
      reconnectOnError: null,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      enableAutoPipelining: false,
      readOnly: false,
      keyPrefix: '',
      commandTimeout: undefined,
      password: 'kept',
    })
  })

  it('is refused before anything is connected', async () => {
    const limits = { timeoutMs: 1, connectMs: 1, pollMs: 1, probeMs: 1, failures: 1 }
    await expect(connectRedis({ url: 'nowhere' }, limits)).rejects.toMatchObject({ code: 'LSH_ERR_CONFIG' })
  })
})
