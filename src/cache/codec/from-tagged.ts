import { TAG, unescapeKey } from './tag.ts'

/** Puts back what tags stand for. Takes what `JSON.parse` gave, and changes it. @throws {TypeError} a tag that is none */
export function fromTagged(json: unknown): unknown {
  if (typeof json !== 'object' || json === null) return json
  if (Array.isArray(json)) return json.map(fromTagged)
  const entries = Object.entries(json)
  const [first] = entries
  if (entries.length === 1 && first?.[0] === TAG) return untag(first[1])
  return Object.fromEntries(entries.map(([key, item]) => [unescapeKey(key), fromTagged(item)]))
}

function untag(content: unknown): unknown {
  const [name, held] = content as readonly [name: string, held: unknown]
  switch (name) {
    case 'Date':
      return new Date(held === null ? Number.NaN : (held as number))
    case 'bigint':
      return BigInt(held as string)
    case 'number':
      return Number(held)
    case 'undefined':
      return undefined
    case 'Buffer':
      return Buffer.from(held as string, 'base64')
    case 'Uint8Array':
      return Uint8Array.from(Buffer.from(held as string, 'base64'))
    case 'Map':
      return new Map((held as [unknown, unknown][]).map(([key, item]) => [fromTagged(key), fromTagged(item)]))
    case 'Set':
      return new Set((held as unknown[]).map(fromTagged))
    default:
      throw new TypeError('A cached value has a tag that this version does not know.')
  }
}
