import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startToxicProxy, type TamperHook, type ToxicProxy } from '../../../../src/testing/rig/proxy/index.ts'
import { frame } from './frames.ts'
import { type OwnPostgres, startOwnPostgres } from './own-postgres.ts'

let postgres: OwnPostgres
let proxy: ToxicProxy
let client: Client

beforeAll(async () => {
  postgres = await startOwnPostgres()
}, 60_000)
afterAll(async () => {
  await postgres[Symbol.asyncDispose]()
})
beforeEach(async () => {
  proxy = await startToxicProxy({ target: { host: '127.0.0.1', port: postgres.port } })
  const at = { host: proxy.host, port: proxy.port, user: 'postgres', database: 'postgres' }
  client = new Client({ ...at, pipeline: true })
  client.on('error', () => {})
  await client.connect()
})
afterEach(async () => {
  await proxy.close()
})

const ask = async (n: number): Promise<number | undefined> =>
  (await client.query<{ n: number }>('select $1::int as n', [n])).rows[0]?.n

/** Holds the first unit back and lets it go behind the second. */
function swapFirstTwo(): TamperHook {
  let held: Buffer | undefined
  let swapped = false
  return (unit) => {
    if (swapped) return unit
    if (held === undefined) {
      held = unit
      return null
    }
    swapped = true
    return [unit, held]
  }
}

describe('tampering with what a PostgreSQL server sends', () => {
  it('swaps two replies: a plain client takes each for the answer to the other question', async () => {
    const stop = proxy.tamper('server', swapFirstTwo(), { unit: 'reply' })
    expect(await Promise.all([ask(1), ask(2), ask(3)])).toEqual([2, 1, 3])
    stop()
    expect(await Promise.all([ask(1), ask(2)])).toEqual([1, 2])
  })

  it('tells the hook which reply it has', async () => {
    const seen: unknown[] = []
    await ask(0)
    proxy.tamper(
      'server',
      (unit, { type, typeIndex, length, startup }) => {
        seen.push([type, typeIndex, length === unit.length, startup])
        return unit
      },
      { unit: 'reply' },
    )
    await Promise.all([ask(1), ask(2)])
    expect(seen).toEqual([
      ['Z', 1, true, false],
      ['Z', 2, true, false],
    ])
  })

  it('duplicates a reply: every answer behind it comes one too early', async () => {
    let first = true
    proxy.tamper(
      'server',
      (unit) => {
        const units = first ? [unit, unit] : [unit]
        first = false
        return units
      },
      { unit: 'reply' },
    )
    expect(await Promise.all([ask(1), ask(2), ask(3)])).toEqual([1, 1, 2])
  })

  it('drops a single message', async () => {
    proxy.tamper('server', (message, { name }) => (name === 'DataRow' ? null : message))
    expect(await ask(1)).toBeUndefined()
  })

  it('changes what the client sends', async () => {
    const stop = proxy.tamper('client', (message, { type }) =>
      type === 'Q' ? frame('Q', 'select 7 as n\0') : message,
    )
    expect((await client.query('select 1 as n')).rows).toEqual([{ n: 7 }])
    stop()
    expect((await client.query('select 1 as n')).rows).toEqual([{ n: 1 }])
  })

  it('delivers a reply late', async () => {
    proxy.tamper(
      'server',
      (reply, { inject }) => {
        setTimeout(() => inject(reply), 80)
        return null
      },
      { unit: 'reply' },
    )
    const start = performance.now()
    expect(await ask(1)).toBe(1)
    expect(performance.now() - start).toBeGreaterThanOrEqual(79)
  })

  it('lets the server ask for COPY data though no ReadyForQuery has come', async () => {
    await client.query('create temp table copied (id int)')
    const replies: string[] = []
    proxy.tamper(
      'server',
      (reply, { name }) => {
        replies.push(name ?? '')
        return reply
      },
      { unit: 'reply' },
    )
    // pg answers CopyInResponse with CopyFail by itself.
    await expect(client.query('copy copied from stdin')).rejects.toMatchObject({ code: '57014' })
    expect(replies).toEqual(['CopyInResponse', 'ReadyForQuery'])
  })

  it('lets the last words of a server pass, which no ReadyForQuery follows', async () => {
    proxy.tamper('server', (reply) => reply, { unit: 'reply' })
    await expect(client.query('select pg_terminate_backend(pg_backend_pid())')).rejects.toMatchObject({
      code: '57P01',
    })
  })

  it('resets the connection where a hook throws, and says so when the proxy is closed', async () => {
    proxy.tamper('server', () => {
      throw new Error('hook at fault')
    })
    await expect(ask(1)).rejects.toMatchObject({ code: 'ECONNRESET' })
    const closing = proxy.close()
    proxy = await startToxicProxy({ target: { host: '127.0.0.1', port: postgres.port } })
    await expect(closing).rejects.toMatchObject({ errors: [{ message: 'hook at fault' }] })
  })
})
