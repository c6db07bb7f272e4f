import { ConfigError } from '../../errors/config.ts'

/** NAMEDATALEN - 1. */
const MOST_BYTES = 63

/** Whether a value has properties that can be read as options. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** @throws {ConfigError} for an option that there is none of: a misspelt one would silently do nothing */
export function refuseUnknown(options: object, path: string, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) {
      throw new ConfigError(`${path}.${name} is no option. There are: ${known.join(', ')}.`)
    }
  }
}

/**
 * Reads a name of PostgreSQL, exactly as the catalogs have it.
 *
 * @throws {ConfigError}
 */
export function readName(value: unknown, path: string, otherwise: string | undefined): string {
  const name = value === undefined ? otherwise : value
  if (typeof name !== 'string' || name === '' || name.includes('\0')) {
    throw new ConfigError(
      `${path} must be a name, as the catalog of PostgreSQL has it: not quoted, and without a schema.`,
    )
  }
  if (Buffer.byteLength(name) > MOST_BYTES) {
    throw new ConfigError(
      `${path} is ${JSON.stringify(name)}, which is longer than the ${MOST_BYTES} bytes of a name in PostgreSQL.`,
    )
  }
  return name
}

/**
 * Reads a whole number within limits.
 *
 * @throws {ConfigError}
 */
export function readWhole(
  value: unknown,
  path: string,
  {
    from,
    to,
    otherwise,
  }: { readonly from: number; readonly to: number; readonly otherwise: number | undefined },
): number {
  const number = value === undefined ? otherwise : value
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < from || number > to) {
    throw new ConfigError(`${path} must be a whole number from ${from} to ${to}.`)
  }
  return number
}
