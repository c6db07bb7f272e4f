import { parseSettingName } from '../../context/settings.ts'
import { ConfigError } from '../../errors/config.ts'
import { suggest } from '../nearest.ts'

/** Bytes of a name, beyond which PostgreSQL cuts it off (NAMEDATALEN less one). */
const NAME_BYTES = 63

/** Reads one value of the configuration, or throws a {@link ConfigError} that names its path. */
export type ReadValue<T> = (value: unknown, path: string) => T

/** The name of a role or a column, as it stands in the catalogs: unquoted, its case kept. */
export const readName: ReadValue<string> = (value, path) => {
  const name = readText(value, path)
  if (Buffer.byteLength(name) > NAME_BYTES) {
    throw new ConfigError(`${path} is longer than the ${NAME_BYTES} bytes that a name has in PostgreSQL.`)
  }
  return name
}

/** `schema.table`, unquoted. Where both have a dot in them it is still told apart: it is compared whole. */
export const readTableName: ReadValue<string> = (value, path) => {
  const name = readText(value, path)
  if (/^[^.]+\../s.test(name)) return name
  throw new ConfigError(
    `${path} is ${JSON.stringify(name)}, but must be schema.table, such as "public.countries".`,
  )
}

/** The name of a custom setting. */
export const readSetting: ReadValue<string> = parseSettingName

/** A connection string or a file name. */
export const readText: ReadValue<string> = (value, path) => {
  if (typeof value === 'string' && value !== '' && !value.includes('\0')) return value
  throw new ConfigError(`${path} must be a text that is not empty, without NUL.`)
}

/** A list of what `read` reads. */
export function readList<T>(read: ReadValue<T>): ReadValue<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw new ConfigError(`${path} must be a list.`)
    return value.map((entry: unknown, index) => read(entry, `${path}[${index}]`))
  }
}

/** Names of columns by `schema.table`. */
export const readTenantColumns: ReadValue<Readonly<Record<string, string>>> = (value, path) => {
  if (!isRecord(value)) throw new ConfigError(`${path} must be an object of column names by schema.table.`)
  const entries = Object.entries(value).map(([table, column]) => [
    readTableName(table, `${path}: a key`),
    readName(column, `${path}[${JSON.stringify(table)}]`),
  ])
  return Object.fromEntries(entries)
}

/** An object that has no other keys than these. */
export function readObject<Key extends string>(
  keys: readonly Key[],
): ReadValue<Readonly<Partial<Record<Key, unknown>>>> {
  return (value, path) => {
    if (!isRecord(value)) throw new ConfigError(`${path} must be an object of ${keys.join(', ')}.`)
    const unknown = Object.keys(value).find((key) => !(keys as readonly string[]).includes(key))
    if (unknown === undefined) return value as Readonly<Partial<Record<Key, unknown>>>
    throw new ConfigError(
      `${path} has the unknown key ${JSON.stringify(unknown)}.${suggest(unknown, keys)} Known are: ${keys.join(', ')}.`,
    )
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
