import type { CompressCodec } from '../codec/compress.ts'
import type { Age } from '../freshness/freshness.ts'
import { escapeText, unescapeText } from '../key/escape.ts'

/** What stands in front of the bytes of a value. */
export interface EntryMeta extends Age {
  /** By which its bytes are read: another is a miss. */
  readonly codec: string
  /** `undefined` or `null`. */
  readonly isNegative: boolean
  readonly isTagged: boolean
  readonly compressed: CompressCodec | undefined
  readonly isEncrypted: boolean
}

/** An entry as it lies in Redis. */
export interface Entry {
  /** Of its fences, in their order. */
  readonly gens: readonly string[]
  /** When its lease was granted, in microseconds of the clock of Redis: which of two loads began later. */
  readonly ordinal: string
  readonly meta: EntryMeta
  readonly payload: Buffer
}

const NEWLINE = 0x0a
/** Is raised when what stands below changes: processes of both versions then miss each other's entries. */
const FORMAT = '1'
/**
 * Generations and ordinal, each on a line, and a third of format, three times in milliseconds, length of the payload, codec,
 * compression and flags.
 */
const HEAD =
  /^([\w.-]+(?:,[\w.-]+)*)\n(\d{1,20})\n1 (\d{1,16}) (\d{1,16}) (\d{1,16}) (\d{1,10}) ([\w~-]+) (|gzip|brotli|zstd) (n?t?e?)$/

/** Three lines, which scripts read the first two of, and the bytes. */
export function writeEntry({ gens, ordinal, meta, payload }: Entry): Buffer {
  const { times, form } = lineParts(meta)
  const line = `${FORMAT} ${times} ${payload.length} ${form}`
  return Buffer.concat([Buffer.from(`${gens.join(',')}\n${ordinal}\n${line}\n`, 'latin1'), payload])
}

/** All that stands in front of the bytes, but for their number: what they are encrypted with, so that it cannot be changed. */
export function entryHead({ gens, ordinal, meta }: Omit<Entry, 'payload'>): string {
  const { times, form } = lineParts(meta)
  return `${gens.join(',')}\n${ordinal}\n${FORMAT} ${times} ${form}`
}

function lineParts(meta: EntryMeta): { readonly times: string; readonly form: string } {
  const flags = `${meta.isNegative ? 'n' : ''}${meta.isTagged ? 't' : ''}${meta.isEncrypted ? 'e' : ''}`
  const times = [meta.bornAtMs, meta.ttlMs, meta.loadMs].map((ms) => Math.max(0, Math.ceil(ms)))
  return { times: times.join(' '), form: `${escapeText(meta.codec)} ${meta.compressed ?? ''} ${flags}` }
}

/** Reads an entry; nothing where the bytes are none of this format, cut off, or anybody's else. Never throws. */
export function readEntry(bytes: Buffer): Entry | undefined {
  const first = bytes.indexOf(NEWLINE)
  const second = bytes.indexOf(NEWLINE, first + 1)
  const third = bytes.indexOf(NEWLINE, second + 1)
  if (first < 1 || second <= first || third <= second) return undefined
  const read = HEAD.exec(bytes.toString('latin1', 0, third))
  if (!read) return undefined
  const [, gens = '', ordinal = '', bornAt, ttl, load, length, codec = '', compressed, flags = ''] = read
  if (Number(length) !== bytes.length - third - 1) return undefined
  const meta = {
    bornAtMs: Number(bornAt),
    ttlMs: Number(ttl),
    loadMs: Number(load),
    codec: unescapeText(codec),
    isNegative: flags.includes('n'),
    isTagged: flags.includes('t'),
    // The expression lets no other through.
    compressed: compressed === '' ? undefined : (compressed as CompressCodec),
    isEncrypted: flags.includes('e'),
  }
  return { gens: gens.split(','), ordinal, meta, payload: bytes.subarray(third + 1) }
}
