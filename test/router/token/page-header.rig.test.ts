import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { formatLsn, normaliseLsn, parseLsn } from '../../../src/router/token/wal-position.ts'
import type { PostgresNode } from '../../../src/testing/rig/postgres-node.ts'
import type { Rig } from '../../../src/testing/rig/rig.ts'
import { startRig } from '../../../src/testing/rig/start-rig.ts'

/** The WAL writer flushes what no commit waits for within about 600 ms; nothing else is to write for longer than that. */
const STILL_MS = 1_500
const ATTEMPTS = 8

describe('an insert position at the start of a page', () => {
  let rig: Rig
  let primary: pg.Client
  let standby: pg.Client
  let segmentBytes: number
  let blockBytes: number

  const connect = async (node: PostgresNode) => {
    const client = new pg.Client({ connectionString: node.adminUrl(), query_timeout: 10_000 })
    await client.connect()
    return client
  }
  const ask = async (client: pg.Client, expression: string, values: unknown[] = []): Promise<string> => {
    const { rows } = await client.query<{ value: string }>(`select (${expression})::text as value`, values)
    return rows[0]?.value ?? ''
  }

  beforeAll(async () => {
    // The launcher of autovacuum and a checkpoint would write between two looks.
    const settings = { autovacuum: 'off', checkpoint_timeout: '1h', max_wal_size: '1GB' }
    rig = await startRig({ standbys: 1, redis: false, settings })
    const [follower] = rig.standbys
    if (!follower) throw new Error('The rig has no standby.')
    primary = await connect(rig.primary)
    standby = await connect(follower)
    segmentBytes = Number(await ask(primary, `pg_size_bytes(current_setting('wal_segment_size'))`))
    blockBytes = Number(await ask(primary, `current_setting('wal_block_size')`))
  })
  afterAll(async () => {
    await primary.end()
    await standby.end()
    await rig.stop()
  })

  const insertLsn = async () => parseLsn(await ask(primary, 'pg_current_wal_insert_lsn()'))
  const replayLsn = async () => parseLsn(await ask(standby, 'pg_last_wal_replay_lsn()'))
  /** Writes one record with so many bytes in it. */
  const emit = (bytes: number) =>
    ask(primary, `pg_logical_emit_message(false, 'x', repeat('x', $1::int))`, [bytes])

  /** Writes until the next record would begin so many bytes in front of the end of a page, or, at 0, of the next page. */
  const writeUpTo = async (bytesLeft: number): Promise<bigint> => {
    const block = BigInt(blockBytes)
    for (let tries = 0; tries < 40; tries += 1) {
      const from = await insertLsn()
      const left = Number(block - (from % block)) - bytesLeft
      if (left === 0) return from
      // 24 bytes of record header, 5 of its data's, 24 of the message's, 2 of the prefix; aligned to 8.
      const room = left - 56
      if (room < 300 || from % BigInt(segmentBytes) < 2n * block) {
        await emit(blockBytes / 2)
        continue
      }
      await emit(room)
      const to = await insertLsn()
      const reached =
        bytesLeft === 0 ? to % block === 24n && to - from < block : block - (to % block) === BigInt(bytesLeft)
      if (reached) return to
    }
    throw new Error(`The insert position was not brought to ${bytesLeft} bytes in front of a page.`)
  }

  /**
   * Where a standby gets to by itself, when the primary stood at an insert position and wrote nothing more. Somebody in the
   * background may write all the same: then it is tried again.
   */
  const standStill = async (write: () => Promise<unknown>): Promise<{ raw: bigint; replayed: bigint }> => {
    for (let tries = 0; tries < ATTEMPTS; tries += 1) {
      await write()
      const raw = await insertLsn()
      await setTimeout(STILL_MS)
      const replayed = await replayLsn()
      if ((await insertLsn()) === raw) return { raw, replayed }
    }
    throw new Error('The primary never stood still.')
  }

  it('is judged by the sizes that the server reports', () => {
    expect(segmentBytes).toBe(16 * 1_048_576)
    expect(blockBytes).toBe(8_192)
  })

  it('of a segment is 40 bytes further than a standby gets', { timeout: 40_000 }, async () => {
    const { raw, replayed } = await standStill(() => ask(primary, 'pg_switch_wal()'))
    expect(raw % BigInt(segmentBytes)).toBe(40n)
    expect(replayed).toBeLessThan(raw)
    expect(formatLsn(replayed)).toBe(formatLsn(normaliseLsn(raw, segmentBytes, blockBytes)))
  })

  it('of another page is 24 bytes further than a standby gets', { timeout: 40_000 }, async () => {
    const { raw, replayed } = await standStill(() => writeUpTo(0))
    expect(raw % BigInt(blockBytes)).toBe(24n)
    expect(replayed).toBeLessThan(raw)
    expect(formatLsn(replayed)).toBe(formatLsn(normaliseLsn(raw, segmentBytes, blockBytes)))
  })

  it.each([8, 16, 24, 32])(
    'is none %i bytes in front of it, and a standby gets there',
    { timeout: 40_000 },
    async (left) => {
      const { raw, replayed } = await standStill(() => writeUpTo(left))
      expect(normaliseLsn(raw, segmentBytes, blockBytes)).toBe(raw)
      expect(formatLsn(replayed)).toBe(formatLsn(raw))
    },
  )
})
