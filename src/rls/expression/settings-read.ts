import { type CatalogNames, type FunctionFacts, isSystem, isUsers } from './catalog-names.ts'
import type { Call, Expression } from './expression.ts'
import { readExpression } from './read-expression.ts'
import { COMPUTED, settingsInSource } from './settings-in-source.ts'
import { walk } from './walk.ts'

/** Functions that call functions are followed this far. */
const CALLS = 5

/**
 * The settings that an expression reads with `current_setting`, in lower case: itself, in its subqueries, and in the functions
 * that it calls. `COMPUTED` stands for one whose name is computed.
 */
export function settingsRead(
  expression: Expression,
  names: CatalogNames,
  calls: number = CALLS,
): ReadonlySet<string> {
  const settings = new Set<string>()
  for (const { expression: part } of walk(expression)) {
    if (part.kind !== 'call') continue
    for (const setting of settingsOfCall(part, names, calls)) settings.add(setting)
  }
  return settings
}

/** The settings that a call reads, apart from what its arguments read. */
export function settingsOfCall(call: Call, names: CatalogNames, calls: number = CALLS): ReadonlySet<string> {
  const facts = names.function(call.function)
  if (isSystem(facts, 'current_setting')) {
    const [name] = call.args
    return new Set([name?.kind === 'constant' && name.value ? name.value.toLowerCase() : COMPUTED])
  }
  return isUsers(facts) && calls > 0 ? settingsOfBody(facts, names, calls - 1) : new Set()
}

/** The settings that the body of a function reads; none where it is in no language that can be read. */
export function settingsOfBody(
  { body, source, language }: FunctionFacts,
  names: CatalogNames,
  calls: number = CALLS,
): ReadonlySet<string> {
  if (body !== null) return settingsRead(readExpression(body), names, calls)
  return language === 'sql' || language === 'plpgsql' ? settingsInSource(source) : new Set()
}
