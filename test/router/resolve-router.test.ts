import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/index.ts'
import { createRouter, type RouterOptions } from '../../src/router/index.ts'
import { resolveRouter } from '../../src/router/resolve-router.ts'

describe('the options of a router', () => {
  it('have defaults', () => {
    expect(resolveRouter()).toMatchObject({
      balance: 'round-robin',
      waitMs: 50,
      intervalMs: 1_000,
      timeoutMs: 300,
      maxConcurrent: 8,
      maxRatio: 0.2,
      whenLagging: 'primary',
      retryRatio: 0.1,
      tokens: { ttlMs: 30_000, keys: undefined, store: undefined },
      health: { maxLagMs: 5_000, maxLagBytes: 16_777_216, warmUpMs: 30_000 },
    })
  })

  it.each<[string, unknown, string]>([
    ['no object', 1, 'options.router'],
    ['a balance that is none', { balance: 'best' }, 'options.router.balance'],
    ['a share above all', { shed: { maxRatio: 1.1 } }, 'options.router.shed.maxRatio'],
    ['no place at all', { shed: { maxConcurrent: 0 } }, 'options.router.shed.maxConcurrent'],
    ['a pool that is none', { shed: { pool: 'url' } }, 'options.router.shed.pool'],
    ['an unknown way', { shed: { whenLagging: 'wait' } }, 'options.router.shed.whenLagging'],
    ['probes without a pause', { probe: { intervalMs: 0 } }, 'options.router.probe.intervalMs'],
    ['a negative wait', { tokens: { waitMs: -1 } }, 'options.router.tokens.waitMs'],
    ['a short key', { tokens: { keys: ['short'] } }, 'options.router.tokens.keys[0]'],
    ['a store without keys', { tokens: { redis: { redis: {} } } }, 'tokens.keys'],
    ['tokens that end before lag is found out', { tokens: { ttlMs: 5_000 } }, 'options.router.tokens.ttlMs'],
  ])('refuse %s', (_what, options, path) => {
    expect(() => createRouter(options as RouterOptions)).toThrow(ConfigError)
    expect(() => createRouter(options as RouterOptions)).toThrow(path)
  })

  it('need keys where a token is to be handed out', () => {
    const owner = { tenant: 't', subject: 's' }
    expect(() => createRouter().reader(owner, undefined, () => {})).toThrow('keys')
    const keys = [randomBytes(32)]
    expect(() => createRouter({ tokens: { keys } }).reader(owner, undefined, () => {})).not.toThrow()
  })
})
