/** In place of a value: evaluating fails, so the statement does. */
export const FAILS: unique symbol = Symbol('fails')

/** A value as text, `t` and `f` for booleans; `null` for NULL. */
export type Value = string | null | typeof FAILS

/**
 * What an expression can evaluate to: one of these values, or anything where undefined. What holds something unknown may fail
 * besides.
 */
export type Possible = ReadonlySet<Value> | undefined

/** More combinations than these are not followed. */
const COMBINATIONS = 64

export function always(value: Value): Possible {
  return new Set([value])
}

export function isAlways(possible: Possible, value: Value): boolean {
  return possible?.size === 1 && possible.has(value)
}

/** Whether there is a case in which a condition lets a row through. */
export function mayBeTrue(possible: Possible): boolean {
  return possible === undefined || possible.has('t')
}

export function mayFail(possible: Possible): boolean {
  return possible?.has(FAILS) === true
}

export function union(all: readonly Possible[]): Possible {
  const values = new Set<Value>()
  for (const possible of all) {
    if (possible === undefined) return undefined
    for (const value of possible) values.add(value)
  }
  return values
}

/**
 * What a strict function makes of its arguments where one of them is always NULL; `undefined` where none is. One that is NULL while
 * planning spares the others from being evaluated.
 */
export function strictNull(args: readonly Possible[]): Possible {
  if (!args.some((arg) => isAlways(arg, null))) return undefined
  return new Set(args.some(mayFail) ? [null, FAILS] : [null])
}

/** Applies a function that fails where an argument does to every combination of arguments. */
export function apply(
  args: readonly Possible[],
  compute: (...values: readonly (string | null)[]) => Possible,
): Possible {
  if (args.some((possible) => isAlways(possible, FAILS))) return always(FAILS)
  let combinations: readonly Value[][] = [[]]
  for (const possible of args) {
    if (possible === undefined) return undefined
    combinations = combinations.flatMap((before) => [...possible].map((value): Value[] => [...before, value]))
    if (combinations.length > COMBINATIONS) return undefined
  }
  return union(
    combinations.map((values) => {
      const plain = values.filter((value) => value !== FAILS)
      return plain.length < values.length ? always(FAILS) : compute(...plain)
    }),
  )
}

const BOOLEANS: readonly Value[] = ['t', 'f', null]

/** AND and OR, of which a failing argument need not be evaluated: in WHERE, NULL ends an AND as well. */
export function connect(kind: 'and' | 'or', args: readonly Possible[]): Possible {
  const decisive = kind === 'and' ? 'f' : 't'
  let values = new Set<Value>([kind === 'and' ? 't' : 'f'])
  for (const possible of args) {
    const next = new Set<Value>()
    for (const left of values) {
      for (const right of possible ?? BOOLEANS)
        for (const value of pair(decisive, left, right)) next.add(value)
    }
    values = next
  }
  return values
}

function pair(decisive: 't' | 'f', left: Value, right: Value): readonly Value[] {
  const decided = left === decisive || right === decisive
  if (left === FAILS || right === FAILS) {
    if (decided) return [FAILS, decisive]
    return left === null || right === null ? [FAILS, null] : [FAILS]
  }
  if (decided) return [decisive]
  return [left === null || right === null ? null : left]
}

export function negate(possible: Possible): Possible {
  return apply([possible ?? new Set(BOOLEANS)], (value) =>
    always(value === 't' ? 'f' : value === 'f' ? 't' : null),
  )
}
