import type { Age } from '../freshness/freshness.ts'

/** What stands in front of the bytes of a value. */
export interface EntryMeta extends Age {
  /** By which its bytes are read: another is a miss. */
  readonly codec: string
  /** `undefined` or `null`. */
  readonly isNegative: boolean
  readonly isTagged: boolean
  readonly compressed: 'gzip' | 'brotli' | undefined
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
const FORMAT = '1'

/** Three lines, which scripts read the first two of, and the bytes. */
export function writeEntry({ gens, ordinal, meta, payload }: Entry): Buffer {
  const flags = `${meta.isNegative ? 'n' : ''}${meta.isTagged ? 't' : ''}${meta.isEncrypted ? 'e' : ''}`
  const numbers = [meta.bornAtMs, meta.ttlMs, Math.ceil(meta.loadMs)]
  const line = [FORMAT, ...numbers, meta.codec, meta.compressed ?? '', flags].join(' ')
  return Buffer.concat([Buffer.from(`${gens.join(',')}\n${ordinal}\n${line}\n`, 'latin1'), payload])
}

/** Reads an entry; nothing where the bytes are none of this format, cut off, or anybody's else. */
export function readEntry(bytes: Buffer): Entry | undefined {
  const first = bytes.indexOf(NEWLINE)
  const second = bytes.indexOf(NEWLINE, first + 1)
  const third = bytes.indexOf(NEWLINE, second + 1)
  if (first < 1 || second < 0 || third < 0) return undefined
  const meta = readMeta(bytes.toString('latin1', second + 1, third))
  if (!meta) return undefined
  return {
    gens: bytes.toString('latin1', 0, first).split(','),
    ordinal: bytes.toString('latin1', first + 1, second),
    meta,
    payload: bytes.subarray(third + 1),
  }
}

function readMeta(line: string): EntryMeta | undefined {
  const [format, bornAt, ttl, load, codec, compressed, flags, ...rest] = line.split(' ')
  if (format !== FORMAT || !codec || flags === undefined || rest.length > 0) return undefined
  if (compressed !== '' && compressed !== 'gzip' && compressed !== 'brotli') return undefined
  const [bornAtMs, ttlMs, loadMs] = [Number(bornAt), Number(ttl), Number(load)]
  if (!Number.isFinite(bornAtMs + ttlMs + loadMs)) return undefined
  return {
    bornAtMs,
    ttlMs,
    loadMs,
    codec,
    isNegative: flags.includes('n'),
    isTagged: flags.includes('t'),
    compressed: compressed === '' ? undefined : compressed,
    isEncrypted: flags.includes('e'),
  }
}
