import { CacheValueError } from '../../errors/cache.ts'
import { escapeKey, tagged } from './tag.ts'

/** A value in the form that `JSON.stringify` keeps. */
export interface TaggedValue {
  readonly json: unknown
  readonly isTagged: boolean
}

/** Puts tags where JSON has no form. @throws {CacheValueError} what cannot be brought back as it was */
export function toTagged(value: unknown): TaggedValue {
  const walk = new Walk()
  const json = walk.visit(value, '$')
  return { json, isTagged: walk.isTagged }
}

/** A key that reads like a column's name is told in a message; any other may hold what no message may. */
const NAME = /^[a-z_][a-z0-9_]{0,40}$/i

class Walk {
  isTagged = false
  /** What the walk is inside of: who meets one of them again walks in a circle. */
  readonly #within = new Set<object>()

  visit(value: unknown, path: string): unknown {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value
      case 'number':
        return Number.isFinite(value) && !Object.is(value, -0) ? value : this.#tag('number', numeral(value))
      case 'bigint':
        return this.#tag('bigint', String(value))
      case 'undefined':
        return this.#tag('undefined')
      case 'object':
        return value === null ? null : this.#visitObject(value, path)
      default:
        throw new CacheValueError(path, `it is a ${typeof value}`)
    }
  }

  #visitObject(value: object, path: string): unknown {
    if (value instanceof Date)
      return this.#tag('Date', Number.isNaN(value.getTime()) ? null : value.getTime())
    if (Buffer.isBuffer(value)) return this.#tag('Buffer', value.toString('base64'))
    if (value instanceof Uint8Array)
      return this.#tag(
        'Uint8Array',
        Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64'),
      )
    if (this.#within.has(value)) throw new CacheValueError(path, 'it contains itself')
    this.#within.add(value)
    const json = this.#visitContainer(value, path)
    this.#within.delete(value)
    return json
  }

  #visitContainer(value: object, path: string): unknown {
    if (Array.isArray(value)) return Array.from(value, (item, index) => this.visit(item, `${path}[${index}]`))
    if (value instanceof Map) {
      const entries = [...value].map(([key, item], index) => [
        this.visit(key, `${path}.keys()[${index}]`),
        this.visit(item, `${path}.values()[${index}]`),
      ])
      return this.#tag('Map', entries)
    }
    if (value instanceof Set) {
      return this.#tag(
        'Set',
        [...value].map((item, index) => this.visit(item, `${path}.values()[${index}]`)),
      )
    }
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype !== Object.prototype && prototype !== null) {
      throw new CacheValueError(path, 'it is an instance of a class, which would come back as a plain object')
    }
    if (Object.getOwnPropertySymbols(value).length > 0)
      throw new CacheValueError(path, 'it has symbols for keys')
    // fromEntries defines, where an assignment to `__proto__` would set.
    return Object.fromEntries(Object.entries(value).map(([key, item]) => this.#visitEntry(key, item, path)))
  }

  #visitEntry(key: string, item: unknown, path: string): [string, unknown] {
    const escaped = escapeKey(key)
    if (escaped !== key) this.isTagged = true
    return [escaped, this.visit(item, `${path}.${NAME.test(key) ? key : '?'}`)]
  }

  #tag(name: string, ...content: readonly unknown[]): object {
    this.isTagged = true
    return tagged(name, ...content)
  }
}

function numeral(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}
