import { promisify } from 'node:util'
import zlib from 'node:zlib'
import { ConfigError } from '../../errors/config.ts'

/** Which values are compressed, and how. */
export interface CompressOptions {
  /** Bytes above which a value is. @default 4096 */
  readonly above?: number
  /** What is read is told by the entry, so this can be changed at any time. @default 'zstd' where `node:zlib` has it, else 'gzip' */
  readonly codec?: CompressCodec
}

export type CompressCodec = 'gzip' | 'brotli' | 'zstd'

/** What a value of few bytes may blow up to: an entry that was tampered with must not take the process's memory. */
const MOST_BYTES = 64 * 1024 * 1024
const LIMIT = { maxOutputLength: MOST_BYTES }
/** Brotli's default is meant for files that are compressed once and served for years. */
const BROTLI = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 4 } }

interface Direction {
  /** Off the event loop. */
  readonly compress: (bytes: Buffer) => Promise<Buffer>
  readonly decompress: (bytes: Buffer) => Promise<Buffer>
}

const gzip = promisify(zlib.gzip)
const gunzip = promisify(zlib.gunzip)
const brotliCompress = promisify(zlib.brotliCompress)
const brotliDecompress = promisify(zlib.brotliDecompress)

const CODECS: ReadonlyMap<string, Direction> = new Map<CompressCodec, Direction>([
  ['gzip', { compress: (bytes) => gzip(bytes), decompress: (bytes) => gunzip(bytes, LIMIT) }],
  [
    'brotli',
    {
      compress: (bytes) => brotliCompress(bytes, BROTLI),
      decompress: (bytes) => brotliDecompress(bytes, LIMIT),
    },
  ],
  ...zstd(),
])

/** Node has it since 22.15; other runtimes have `node:zlib` without it. */
function zstd(): readonly (readonly ['zstd', Direction])[] {
  if (typeof zlib.zstdCompress !== 'function') return []
  const [pack, unpack] = [promisify(zlib.zstdCompress), promisify(zlib.zstdDecompress)]
  return [['zstd', { compress: (bytes) => pack(bytes), decompress: (bytes) => unpack(bytes, LIMIT) }]]
}

/** What compresses where nothing is said. */
export const DEFAULT_COMPRESS_CODEC: CompressCodec = CODECS.has('zstd') ? 'zstd' : 'gzip'

/** Fills in the defaults. @throws {ConfigError} */
export function resolveCompress(options: CompressOptions): Required<CompressOptions> {
  const { above = 4_096, codec = DEFAULT_COMPRESS_CODEC } = options
  if (!(above >= 0)) throw new ConfigError('options.compress.above must be a number of bytes.')
  if (!CODECS.has(codec)) {
    throw new ConfigError(`options.compress.codec must be one of ${[...CODECS.keys()].join(', ')}.`)
  }
  return { above, codec }
}

/** Compresses off the event loop. Rejects where the runtime does not have the codec. */
export async function compress(codec: CompressCodec, bytes: Buffer): Promise<Buffer> {
  return directionOf(codec).compress(bytes)
}

/** Rejects what is no output of {@link compress}, or too large. */
export async function decompress(codec: CompressCodec, bytes: Buffer): Promise<Buffer> {
  return directionOf(codec).decompress(bytes)
}

function directionOf(codec: CompressCodec): Direction {
  const direction = CODECS.get(codec)
  if (direction) return direction
  throw new TypeError(`This runtime does not have the compression ${codec}.`)
}
