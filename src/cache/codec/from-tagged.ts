import { isEscapedKey, TAG, unescapeKey } from './tag.ts'

/** Puts back what tags stand for. Takes what `JSON.parse` gave, and changes it. @throws {TypeError} a tag that is none */
export function fromTagged(json: unknown): unknown {
  if (typeof json !== 'object' || json === null) return json
  if (Array.isArray(json)) return untagItems(json)
  // An own key of this name is written as another.
  if (Object.hasOwn(json, TAG)) return untag((json as { readonly [TAG]: unknown })[TAG])
  return untagEntries(json as Record<string, unknown>)
}

function untagItems(items: unknown[]): unknown[] {
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index]
    if (typeof item === 'object') items[index] = fromTagged(item)
  }
  return items
}

function untagEntries(object: Record<string, unknown>): object {
  let isEscaped = false
  for (const key of Object.keys(object)) {
    const item = object[key]
    // `__proto__` too: JSON.parse defined it as an own property, and that is what an assignment then meets.
    if (typeof item === 'object') object[key] = fromTagged(item)
    isEscaped ||= isEscapedKey(key)
  }
  if (!isEscaped) return object
  return Object.fromEntries(Object.entries(object).map(([key, item]) => [unescapeKey(key), item]))
}

function untag(content: unknown): unknown {
  if (!Array.isArray(content)) throw unknownTag()
  const [name, held, further] = content as readonly unknown[]
  switch (name) {
    case 'Date':
      return new Date(held === null ? Number.NaN : Number(held))
    case 'bigint':
      return BigInt(asText(held))
    case 'number':
      return Number(asText(held))
    case 'undefined':
      return undefined
    case 'Buffer':
      return Buffer.from(asText(held), 'base64')
    case 'Uint8Array':
      return Uint8Array.from(Buffer.from(asText(held), 'base64'))
    case 'Map': {
      const values = untagItems(asItems(further))
      return new Map(untagItems(asItems(held)).map((key, index) => [key, values[index]]))
    }
    case 'Set':
      return new Set(untagItems(asItems(held)))
    case 'bare':
      if (typeof held !== 'object' || held === null) throw unknownTag()
      return Object.assign(Object.create(null), untagEntries(held as Record<string, unknown>))
    default:
      throw unknownTag()
  }
}

function asText(held: unknown): string {
  if (typeof held === 'string') return held
  throw unknownTag()
}

function asItems(held: unknown): unknown[] {
  if (Array.isArray(held)) return held
  throw unknownTag()
}

function unknownTag(): TypeError {
  return new TypeError('A cached value has a tag that this version does not know.')
}
