/** A transaction that has marked a fence and has not ended, or nobody has said so. */
export interface PendingMark {
  readonly token: string
  /** When others may ask what became of it, in milliseconds of the clock of Redis. */
  readonly deadlineMs: number
  readonly evidence: string
}

/** What a fence says. */
export interface Fence {
  /** What entries are valid under: `<epoch>.<random>`. */
  readonly gen: string
  /** What a replica must have replayed; nothing where nobody knows. */
  readonly floor: bigint | undefined
  readonly marks: readonly PendingMark[]
}

/** The number of digits of an LSN in a fence. */
const LSN_DIGITS = 16

/** Reads a fence; nothing where it is none. */
export function readFence(text: string): Fence | undefined {
  const [gen, floor, marks, ...rest] = text.split('|')
  if (!gen || floor === undefined || marks === undefined || rest.length > 0) return undefined
  if (floor !== '?' && !/^[0-9A-F]{16}$/.test(floor)) return undefined
  return {
    gen,
    floor: floor === '?' ? undefined : BigInt(`0x${floor}`),
    marks: marks === '' ? [] : marks.split(',').map(readMark),
  }
}

/** What stands behind the last mark. */
const BAR = 0x7c

/** Whether a transaction has marked a fence. */
export function isMarked(text: string): boolean {
  return text.charCodeAt(text.length - 1) !== BAR
}

/** An LSN as fences hold it: as many digits as any has, so that they sort as they count. */
export function lsnDigits(lsn: bigint): string {
  return lsn.toString(16).toUpperCase().padStart(LSN_DIGITS, '0')
}

function readMark(text: string): PendingMark {
  const [token = '', deadline = '', evidence = ''] = text.split(':')
  return { token, deadlineMs: Number(deadline), evidence }
}
