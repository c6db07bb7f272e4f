import { ConfigError } from '../../errors/config.ts'
import type { SettingColumn, TablePrivilege } from '../../rls/policy/policy-options.ts'
import {
  isRecord,
  type ReadValue,
  readList,
  readName,
  readObject,
  readSetting,
  readTableName,
} from './config-values.ts'

const PRIVILEGES: readonly string[] = [
  'select',
  'insert',
  'update',
  'delete',
] satisfies readonly TablePrivilege[]

/** A setting, or one with the column whose rows are kept to it. */
export const readSettingOrColumn: ReadValue<string | SettingColumn> = (value, path) => {
  if (!isRecord(value)) return readSetting(value, path)
  const { setting, column, tables } = readObject(['setting', 'column', 'tables'])(value, path)
  return {
    setting: readSetting(setting, `${path}.setting`),
    column: readName(column, `${path}.column`),
    ...(tables === undefined ? {} : { tables: readList(readTableName)(tables, `${path}.tables`) }),
  }
}

/** What the application may do, by `schema.table`. */
export const readPrivileges: ReadValue<Readonly<Record<string, readonly TablePrivilege[]>>> = (
  value,
  path,
) => {
  if (!isRecord(value)) throw new ConfigError(`${path} must be an object of lists by schema.table.`)
  const entries = Object.entries(value).map(([table, privileges]) => [
    readTableName(table, `${path}: a key`),
    readList(readPrivilege)(privileges, `${path}[${JSON.stringify(table)}]`),
  ])
  return Object.fromEntries(entries)
}

const readPrivilege: ReadValue<TablePrivilege> = (value, path) => {
  if (isPrivilege(value)) return value
  throw new ConfigError(`${path} must be one of ${PRIVILEGES.join(', ')}.`)
}

function isPrivilege(value: unknown): value is TablePrivilege {
  return typeof value === 'string' && PRIVILEGES.includes(value)
}
