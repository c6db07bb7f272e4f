import { castText } from './cast-value.ts'
import { type CatalogNames, isSystem, isUsers } from './catalog-names.ts'
import type { Call, Operation } from './expression.ts'
import { always, apply, FAILS, isAlways, type Possible, strictNull } from './possible.ts'
import type { Situation } from './situation.ts'

/** What a call of a function can answer. */
export function evaluateCall(
  call: Call,
  args: readonly Possible[],
  situation: Situation,
  names: CatalogNames,
): Possible {
  const facts = names.function(call.function)
  if (!facts) return undefined
  const none = facts.strict ? strictNull(args) : undefined
  if (none) return none
  if (isUsers(facts)) return situation.call(call)
  if (isSystem(facts, 'current_setting')) return readSetting(args, situation)
  if (args.length === 1 && isSystem(facts, 'int2', 'int4', 'int8', 'numeric', 'text', 'name', 'varchar')) {
    return apply(args, (value = null) => {
      if (value === null) return always(null)
      // `true` would be 1 or 'true', and looks the same here as the text 't'.
      return value === 't' || value === 'f' ? undefined : castText(call.type, value)
    })
  }
  if (args.length === 3 && isSystem(facts, 'varchar')) return apply(args, shorten)
  return undefined
}

/** A setting that nothing has made fails, unless the second argument is true. */
function readSetting([name, missingOk = always('f')]: readonly Possible[], situation: Situation): Possible {
  return apply([name, missingOk], (setting = null, mayMiss = null) => {
    if (setting === null || mayMiss === null) return always(null)
    const value = situation.setting(setting.toLowerCase())
    return mayMiss === 't' || value === undefined ? value : new Set([...value].map((one) => one ?? FAILS))
  })
}

/** `varchar(value, typmod, explicit)`; the typmod is the length and four more. */
function shorten(value: string | null = null, typmod: string | null = null): Possible {
  return value === null || typmod === null
    ? always(null)
    : always([...value].slice(0, Number(typmod) - 4).join(''))
}

/** What an operator, IS DISTINCT FROM or NULLIF can answer. Values that are known are equal where their texts are. */
export function evaluateComparison(
  { form, operator }: Pick<Operation, 'form' | 'operator'>,
  args: readonly Possible[],
  names: CatalogNames,
): Possible {
  const facts = names.operator(operator)
  const isEquality = isSystem(facts, '=')
  const isNone = form === 'nullif' ? isAlways(args[0], null) : form === 'operator' && facts?.strict
  const none = isNone ? strictNull(args) : undefined
  if (none) return none
  if (args.some((arg) => isAlways(arg, FAILS))) return always(FAILS)
  if (!isEquality && !isSystem(facts, '<>')) return undefined
  return apply(args, (left = null, right = null) => {
    if (form === 'distinct') return always(left === right ? 'f' : 't')
    if (form === 'nullif') return always(left === right ? null : left)
    if (left === null || right === null) return always(null)
    return always((left === right) === isEquality ? 't' : 'f')
  })
}
