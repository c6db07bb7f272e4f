import type { KeyType } from 'leasehold/partitioning'

/** The bounds of a partition in ISO 8601; nothing for an open end. */
export interface Bounds {
  readonly from: string | undefined
  readonly to: string | undefined
}

const RANGE = /^FOR VALUES FROM \('?(.*?)'?\) TO \('?(.*?)'?\)$/
const OPEN = new Set(['MINVALUE', 'MAXVALUE', '-infinity', 'infinity'])

/** Reads what `pg_get_expr(relpartbound, oid)` says in a session of DateStyle ISO and TimeZone UTC. A DEFAULT partition has no bounds. */
export function parseBounds(text: string, keyType: KeyType): Bounds {
  const [, from, to] = RANGE.exec(text) ?? []
  return { from: instantOf(from, keyType), to: instantOf(to, keyType) }
}

function instantOf(text: string | undefined, keyType: KeyType): string | undefined {
  if (text === undefined || OPEN.has(text)) return undefined
  // The first 48 bits of a version 7 UUID are milliseconds: RFC 9562, 5.7.
  if (keyType === 'uuidv7')
    return new Date(Number.parseInt(text.replaceAll('-', '').slice(0, 12), 16)).toISOString()
  const [day = '', time = '00:00:00'] = text.split(' ')
  return new Date(`${day}T${time.replace(/\+00$/, '')}Z`).toISOString()
}
