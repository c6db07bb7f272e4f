import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { judge } from '../../../src/cache/fences/judge.ts'
import type { CacheRedis } from '../../../src/cache/redis/redis-options.ts'
import { freePort } from '../../../src/testing/rig/free-port.ts'
import type { RedisNode } from '../../../src/testing/rig/redis-node.ts'
import { RedisRig } from '../../support/redis-rig.ts'
import { EVIDENCE, fill, keysOf, openFences, unique } from '../fences/fenced.ts'
import { failing, recovery } from './outage.ts'

/** What the cache's user needs, and no more. */
const RIGHTS = [
  ...['~t:*', '&t:*', '-@all', '+info', '+hello', '+client|setname', '+mget', '+exists', '+evalsha', '+eval'],
  ...['+get', '+set', '+del', '+getrange', '+pttl', '+time', '+publish', '+subscribe', '+unsubscribe'],
]

describe('Redis that wants to know who calls', () => {
  let rig: RedisRig
  let node: RedisNode
  let admin: Redis
  beforeAll(async () => {
    rig = await RedisRig.open()
    node = await rig.start()
    admin = rig.client(node)
    await setPassword('first')
    await admin.call('ACL', 'SETUSER', 'default', 'resetpass', '>admin')
  })
  afterAll(() => rig.close())

  const setPassword = (password: string) =>
    admin.call('ACL', 'SETUSER', 'app', 'reset', 'on', `>${password}`, ...RIGHTS)
  const cutAll = () => admin.call('CLIENT', 'KILL', 'USER', 'app')
  const open = (redis: Partial<CacheRedis>) =>
    openFences({ redis: { host: node.host, port: node.port, ...redis }, timeoutMs: 200, connectMs: 500 })

  it('is used with no more rights than it takes', async () => {
    const fences = await open({ username: 'app', password: 'first' })
    const keys = keysOf()
    const { gens } = await fill(fences, keys)
    expect(judge(await fences.read(keys), gens)).toBe('holds')
    await fences.begin(keys.fences, { token: 'tx', pendingMs: 1, evidence: EVIDENCE })
    await sleep(5)
    expect(await fences.claim(keys.fences[0] ?? '', 1_000)).toHaveLength(1)
    await fences.finish(keys.fences, { token: 'tx', end: { outcome: 'aborted' } })
    await fences.lease(keys, { token: 'one', leaseMs: 60_000 })
    const startedAt = performance.now()
    const waiting = fences.woken(keys, 5_000)
    await sleep(50)
    await fences.release(keys, 'one')
    await waiting
    expect(performance.now() - startedAt).toBeLessThan(2_000)
    await fences.close()
  })

  it('is used with a password in the URL', async () => {
    const url = `redis://app:first@${node.host}:${node.port}`
    const fences = await openFences({ redis: { url } })
    await fill(fences, keysOf())
    expect(JSON.stringify(fences.snapshot())).not.toContain('first')
    await fences.close()
  })

  it('says so where the password is wrong, and never the password', async () => {
    const fences = await open({ username: 'app', password: 'wrong' })
    const error: unknown = await fences.read(keysOf()).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      reason: 'disconnected',
      cause: { cause: { message: expect.stringMatching(/^WRONGPASS/) } },
    })
    expect(String(error)).not.toContain('wrong')
    await fences.close()
  })

  it('is asked for a token before each connection, so that one that has run out does no harm', async () => {
    let asked = 0
    let token = 'first'
    const credentials = async () => {
      asked += 1
      return { username: 'app', password: token }
    }
    const fences = await open({ credentials })
    const keys = keysOf()
    const { gens } = await fill(fences, keys)
    expect(asked).toBe(1)
    for (token of ['second', 'third']) {
      await setPassword(token)
      expect(judge(await fences.read(keys), gens)).toBe('holds')
      await cutAll()
      await failing(() => fences.read(keys))
      expect(await recovery(fences, keys)).toBeLessThan(1_000)
    }
    expect(asked).toBe(3)
    expect(judge(await fences.read(keys), gens)).toBe('holds')
    await setPassword('first')
    await fences.close()
  })

  it('is done without while the token cannot be had', async () => {
    let isBroken = true
    const credentials = () => {
      if (isBroken) throw new Error('no role')
      return { username: 'app', password: 'first' }
    }
    const fences = await open({ credentials })
    await failing(() => fences.read(keysOf()))
    isBroken = false
    expect(await recovery(fences, keysOf())).toBeLessThan(1_000)
    await fences.close()
  })

  it('says which right is missing', async () => {
    await admin.call('ACL', 'SETUSER', 'poor', 'reset', 'on', '>poor', ...RIGHTS, '-set')
    const fences = await open({ username: 'poor', password: 'poor' })
    const leased = fences.lease(keysOf(), { token: 'one', leaseMs: 1_000 })
    await expect(leased).rejects.toMatchObject({ reason: 'refused' })
    expect(fences.snapshot().servers[0]).toMatchObject({ state: 'usable' })
    await fences.close()
  })

  it('is used with the options of a client, which is left as it is, and whose prefix and limits are not taken', async () => {
    const client = new Redis({
      host: node.host,
      port: node.port,
      username: 'app',
      password: 'first',
      keyPrefix: 'theirs:',
      protocol: 2,
      lazyConnect: true,
      enableAutoPipelining: true,
      commandTimeout: 1,
    })
    const fences = await openFences({ redis: client })
    const keys = keysOf()
    await fill(fences, keys)
    expect(await admin.exists(keys.value)).toBe(1)
    expect(client.status).toBe('wait')
    await fences.lease(keys, { token: 'one', leaseMs: 60_000, isRefresh: true })
    const waiting = fences.woken(keys, 5_000)
    await sleep(50)
    const releasedAt = performance.now()
    await fences.release(keys, 'one')
    await waiting
    expect(performance.now() - releasedAt).toBeLessThan(1_000)
    await fences.close()
    client.disconnect()
  })
})

describe('Redis with TLS', () => {
  let rig: RedisRig
  let node: RedisNode
  let ca: Buffer
  let port: number
  beforeAll(async () => {
    rig = await RedisRig.open()
    port = await freePort()
    const directory = join(rig.path, 'tls')
    mkdirSync(directory, { mode: 0o755 })
    const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')]
    execFileSync('openssl', [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
      ],
      ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert],
    ])
    // The server runs as another user.
    chmodSync(key, 0o644)
    ca = readFileSync(cert)
    const tls = [
      '--tls-cert-file',
      cert,
      '--tls-key-file',
      key,
      '--tls-ca-cert-file',
      cert,
      '--tls-auth-clients',
      'no',
    ]
    node = await rig.start({
      args: [...tls, '--port', '0', '--tls-port', String(port)],
    })
  })
  afterAll(() => rig.close())

  it('is used, for commands as for waiting', async () => {
    const fences = await openFences({ redis: { host: node.host, port: port, tls: { ca } } })
    const keys = keysOf()
    const { gens } = await fill(fences, keys)
    expect(judge(await fences.read(keys), gens)).toBe('holds')
    await fences.lease(keys, { token: 'one', leaseMs: 60_000, isRefresh: true })
    const waiting = fences.woken(keys, 10_000)
    await sleep(100)
    const releasedAt = performance.now()
    await fences.release(keys, 'one')
    await waiting
    expect(performance.now() - releasedAt).toBeLessThan(1_000)
    await fences.close()
  })

  it('is not used where its certificate is not to be trusted', async () => {
    const fences = await openFences({ redis: { url: `rediss://${node.host}:${port}` }, connectMs: 300 })
    const error: unknown = await fences.read(keysOf()).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      reason: 'disconnected',
      cause: { cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } },
    })
    await fences.close()
  })

  it('is not taken for one without', async () => {
    const fences = await openFences({ redis: { host: node.host, port: port }, connectMs: 300 })
    await failing(() => fences.read(keysOf(unique())))
    await fences.close()
  })
})
