import zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import {
  type CompressCodec,
  compress,
  DEFAULT_COMPRESS_CODEC,
  decompress,
  resolveCompress,
} from '../../../src/cache/codec/compress.ts'
import { ConfigError } from '../../../src/errors/config.ts'

const ROWS = Buffer.from(
  JSON.stringify(Array.from({ length: 2_000 }, (_, id) => ({ id, name: `patient ${id}`, at: id * 7 }))),
)

/** Turns of the event loop until the work is done. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0
  let next = setImmediate(function count() {
    turns += 1
    next = setImmediate(count)
  })
  await work()
  clearImmediate(next)
  return turns
}

describe.each<CompressCodec>(['gzip', 'brotli', 'zstd'])('Compression with %s', (codec) => {
  it('makes less of it, and brings it back', async () => {
    const packed = await compress(codec, ROWS)
    expect(packed.length).toBeLessThan(ROWS.length / 3)
    expect((await decompress(codec, packed)).equals(ROWS)).toBe(true)
    expect((await decompress(codec, await compress(codec, Buffer.alloc(0)))).length).toBe(0)
  })

  it('rejects garbage and what was cut off', async () => {
    const packed = await compress(codec, ROWS)
    await expect(decompress(codec, Buffer.from('garbage'))).rejects.toThrow()
    await expect(decompress(codec, packed.subarray(0, -10))).rejects.toThrow()
  })

  it('rejects what blows up to more than a process can bear', async () => {
    const bomb = await compress(codec, Buffer.alloc(65 * 1024 * 1024))
    // Its length alone: a failure would print all of it.
    await expect(decompress(codec, bomb).then(({ length }) => length)).rejects.toThrow()
  })

  it('leaves the event loop free', async () => {
    const large = Buffer.concat(Array.from({ length: 60 }, () => ROWS))
    const packed = await compress(codec, large)
    // Work on the event loop leaves it no turn.
    expect(await turnsDuring(() => compress(codec, large))).toBeGreaterThan(0)
    expect(await turnsDuring(() => decompress(codec, packed))).toBeGreaterThan(0)
  })
})

describe('The rules of compression', () => {
  it('have defaults', () => {
    expect(DEFAULT_COMPRESS_CODEC).toBe(typeof zlib.zstdCompress === 'function' ? 'zstd' : 'gzip')
    expect(resolveCompress({})).toEqual({ above: 4_096, codec: DEFAULT_COMPRESS_CODEC })
    expect(resolveCompress({ above: 0, codec: 'brotli' })).toEqual({ above: 0, codec: 'brotli' })
  })

  it.each([{ above: -1 }, { above: Number.NaN }, { codec: 'lz4' as CompressCodec }])(
    'are refused: %j',
    (options) => {
      expect(() => resolveCompress(options)).toThrow(ConfigError)
    },
  )

  it('know no codec that the runtime does not have', async () => {
    await expect(compress('lz4' as CompressCodec, ROWS)).rejects.toThrow(TypeError)
    await expect(decompress('lz4' as CompressCodec, ROWS)).rejects.toThrow(TypeError)
  })
})
