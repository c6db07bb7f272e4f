import { types } from 'node:util'
import { CacheValueError } from '../../errors/cache.ts'
import { DEEPEST, isPlainJson } from './plain-json.ts'
import { countPrototypes } from './prototype-chain.ts'
import { escapeKey, tagged } from './tag.ts'
import { KEYS, printPath, VALUES, type ValueStep } from './value-path.ts'

/** A value in the form that `JSON.stringify` keeps. */
export interface TaggedValue {
  readonly json: unknown
  readonly isTagged: boolean
}

/** Puts tags where JSON has no form. @throws {CacheValueError} what cannot be brought back as it was */
export function toTagged(value: unknown): TaggedValue {
  if (isPlainJson(value)) return { json: value, isTagged: false }
  // A hole of an array, or a plain object of another realm, is not told from what needs a tag, so it has the flag as well.
  return { json: new Walk().visit(value), isTagged: true }
}

class Walk {
  /** What the walk is inside of: who meets one of them again walks in a circle. */
  readonly #within = new Set<object>()
  readonly #path: ValueStep[] = []

  visit(value: unknown): unknown {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value
      case 'number':
        if (Object.is(value, -0)) return tagged('number', '-0')
        return Number.isFinite(value) ? value : tagged('number', String(value))
      case 'bigint':
        return tagged('bigint', String(value))
      case 'undefined':
        return tagged('undefined')
      case 'object':
        return value === null ? null : this.#visitObject(value)
      default:
        throw this.#refusal(`it is a ${typeof value}`)
    }
  }

  #visitObject(value: object): unknown {
    if (this.#within.has(value)) throw this.#refusal('it contains itself')
    if (this.#within.size >= DEEPEST) throw this.#refusal(`it lies deeper than ${DEEPEST} levels`)
    const prototypes = countPrototypes(value)
    // A Buffer is a Uint8Array with one prototype more.
    if (types.isUint8Array(value) && prototypes <= 4) return this.#visitBytes(value, prototypes)
    // Of an invalid one that is NaN, for which JSON writes null.
    if (prototypes === 2 && types.isDate(value)) return tagged('Date', value.getTime())
    this.#within.add(value)
    const json = this.#visitContainer(value, prototypes)
    this.#within.delete(value)
    return json
  }

  #visitBytes(value: Uint8Array, prototypes: number): unknown {
    const isBuffer = Buffer.isBuffer(value)
    if (!isBuffer && prototypes > 3) throw this.#foreign()
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    return tagged(isBuffer ? 'Buffer' : 'Uint8Array', bytes.toString('base64'))
  }

  #visitContainer(value: object, prototypes: number): unknown {
    if (prototypes === 2) {
      if (Array.isArray(value)) return Array.from(value, (item, index) => this.#visitAt(index, item))
      if (types.isMap(value)) {
        const keys = this.#visitAll(KEYS, [...value.keys()])
        return tagged('Map', keys, this.#visitAll(VALUES, [...value.values()]))
      }
      if (types.isSet(value)) return tagged('Set', this.#visitAll(VALUES, [...value]))
    }
    if (prototypes === 0) return tagged('bare', this.#visitEntries(value))
    const prototype: unknown = Object.getPrototypeOf(value)
    const isLiteral = prototypes === 1 && Object.hasOwn(prototype as object, 'isPrototypeOf')
    if (!isLiteral) throw this.#foreign()
    return this.#visitEntries(value)
  }

  #visitEntries(value: object): unknown {
    if (Object.getOwnPropertySymbols(value).length > 0) throw this.#refusal('it has symbols for keys')
    // fromEntries defines, where an assignment to `__proto__` would set.
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [escapeKey(key), this.#visitAt(key, item)]),
    )
  }

  #visitAll(step: ValueStep, items: readonly unknown[]): readonly unknown[] {
    this.#path.push(step)
    const json = items.map((item, index) => this.#visitAt(index, item))
    this.#path.pop()
    return json
  }

  #visitAt(step: ValueStep, item: unknown): unknown {
    this.#path.push(step)
    const json = this.visit(item)
    this.#path.pop()
    return json
  }

  #foreign(): CacheValueError {
    return this.#refusal('it is an instance of a class, which would come back without it')
  }

  #refusal(problem: string): CacheValueError {
    return new CacheValueError(printPath(this.#path), problem)
  }
}
