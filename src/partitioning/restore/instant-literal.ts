import { quoteText } from '../../rls/sql/quote.ts'
import type { KeyType } from '../definition/partition-options.ts'

const US_PER_MS = 1000n
const US_PER_SECOND = 1_000_000n
const US_PER_DAY = 86_400_000_000n

/**
 * An instant of UTC as a quoted literal of the key's type, which reads the same whatever the session's time zone is.
 *
 * @throws {RangeError} for an instant that the type does not hold: not on midnight for a date, not on a millisecond for a uuidv7
 */
export function instantLiteral(us: bigint, keyType: KeyType): string {
  const ms = floorDivide(us, US_PER_MS)
  if (keyType === 'uuidv7') {
    if (ms * US_PER_MS !== us || ms < 0n) throw new RangeError(`${us} us is no instant of a uuidv7`)
    const hex = ms.toString(16).padStart(12, '0')
    return quoteText(`${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`)
  }
  const [day = '', time = ''] = new Date(Number(ms)).toISOString().split('T')
  if (keyType === 'date') {
    if (us % US_PER_DAY !== 0n) throw new RangeError(`${us} us is no midnight of UTC`)
    return quoteText(day)
  }
  const fraction = String(us - floorDivide(us, US_PER_SECOND) * US_PER_SECOND).padStart(6, '0')
  const clock = `${time.slice(0, 8)}${fraction === '000000' ? '' : `.${fraction}`}`
  return quoteText(`${day} ${clock}${keyType === 'timestamptz' ? '+00' : ''}`)
}

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by
  return value % by < 0n ? quotient - 1n : quotient
}
