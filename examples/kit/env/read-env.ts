import { z } from 'zod'
import { EnvError } from './env-error.ts'

/**
 * Reads what a service is told by its environment. A variable that is set to nothing counts as not set, as `docker compose` and ECS
 * pass those that somebody left empty.
 *
 * @param shape a schema for each variable, such as those of `variables`
 * @throws {EnvError} naming each variable that is missing or wrong, and no value
 */
export function readEnv<Shape extends Readonly<Record<string, z.ZodType>>>(
  shape: Shape,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): { readonly [Name in keyof Shape]: z.output<Shape[Name]> } {
  const given = Object.fromEntries(
    Object.keys(shape).flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])),
  )
  const read = z.object(shape).safeParse(given)
  if (read.success) return Object.freeze(read.data) as { [Name in keyof Shape]: z.output<Shape[Name]> }
  const faults = read.error.issues.map(({ path, message }) => {
    const variable = String(path[0])
    // What zod says of a value can hold the value.
    return { variable, fault: variable in given ? wordsOf(message) : 'it is not set' }
  })
  throw new EnvError(faults)
}

/** Messages of our own schemas begin so; those of zod are replaced. */
const OURS = 'must be '

function wordsOf(message: string): string {
  return message.startsWith(OURS) ? `it ${message}` : 'its value is not allowed'
}
