import { quoteName } from '../../../../sql/quote.ts'
import type { Policy } from './policy-table.ts'
import type { Stage } from './stages.ts'

/** A policy, for a message. */
export function policyNamed({ name }: Pick<Policy, 'name'>): string {
  return `policy ${quoteName(name)}`
}

/** The commands of stages, for a message. */
export function commandsOf(stages: readonly Stage[]): string {
  return listed([...new Set(stages.map(({ command }) => command))])
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  const [last = '', ...before] = items.toReversed()
  return before.length === 0 ? last : `${before.toReversed().join(', ')} and ${last}`
}
