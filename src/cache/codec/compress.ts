import { promisify } from 'node:util'
import { brotliCompress, brotliDecompress, constants, gunzip, gzip } from 'node:zlib'

/** Which values are compressed, and how. */
export interface CompressOptions {
  /** Bytes above which a value is. @default 4096 */
  readonly above?: number
  /** @default 'gzip' */
  readonly codec?: CompressCodec
}

export type CompressCodec = 'gzip' | 'brotli'

/** What a value of few bytes may blow up to: an entry that was tampered with must not take the process's memory. */
const MOST_BYTES = 64 * 1024 * 1024
/** Brotli's default is meant for files that are compressed once and served for years. */
const QUALITY = 4

const zip = promisify(gzip)
const unzip = promisify(gunzip)
const brotli = promisify(brotliCompress)
const unbrotli = promisify(brotliDecompress)

/** Compresses off the event loop. */
export function compress(codec: CompressCodec, bytes: Buffer): Promise<Buffer> {
  if (codec === 'gzip') return zip(bytes)
  return brotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY } })
}

/** @throws what is no output of {@link compress}, or too large */
export function decompress(codec: CompressCodec, bytes: Buffer): Promise<Buffer> {
  const limit = { maxOutputLength: MOST_BYTES }
  return codec === 'gzip' ? unzip(bytes, limit) : unbrotli(bytes, limit)
}
