/** A step from a value to one that it holds. */
export type ValueStep = string | number | typeof KEYS | typeof VALUES

/** To the keys of a Map. */
export const KEYS: unique symbol = Symbol('keys()')
/** To the values of a Map or Set. */
export const VALUES: unique symbol = Symbol('values()')

/** A key that reads like a column's name is told in a message; any other may hold what no message may. */
const NAME = /^[a-z_][a-z0-9_]{0,40}$/i
/** Steps that a message tells. */
const LONGEST = 20

/** Says where a value is, such as `$.patients[3].photo`, without any of what it holds. */
export function printPath(steps: readonly ValueStep[]): string {
  const told = steps.slice(0, LONGEST).map(printStep).join('')
  return `$${told}${steps.length > LONGEST ? '…' : ''}`
}

function printStep(step: ValueStep): string {
  if (typeof step === 'number') return `[${step}]`
  if (typeof step === 'symbol') return `.${step.description}`
  return NAME.test(step) ? `.${step}` : '.?'
}
