import { ConfigError } from '../../errors/config.ts'
import type { ProbeTenant } from '../../rls/probe/probe-options.ts'
import {
  isRecord,
  type ReadValue,
  readList,
  readObject,
  readSetting,
  readTableName,
  readText,
} from './config-values.ts'
import type { LeaseholdConfig } from './leasehold-config.ts'

/** What the probe has to know. */
export const readProbe: ReadValue<NonNullable<LeaseholdConfig['probe']>> = (value, path) => {
  const { tenants, skip } = readObject(['tenants', 'skip'])(value, path)
  return {
    ...(tenants === undefined ? {} : { tenants: readPair(tenants, `${path}.tenants`) }),
    ...(skip === undefined ? {} : { skip: readList(readTableName)(skip, `${path}.skip`) }),
  }
}

const readPair: ReadValue<readonly [ProbeTenant, ProbeTenant]> = (value, path) => {
  const [first, second, third] = readList(readTenant)(value, path)
  if (first && second && !third) return [first, second]
  throw new ConfigError(`${path} must be two tenants.`)
}

const readTenant: ReadValue<ProbeTenant> = (value, path) => {
  const { id, settings } = readObject(['id', 'settings'])(value, path)
  return {
    id: readText(id, `${path}.id`),
    ...(settings === undefined ? {} : { settings: readSettings(settings, `${path}.settings`) }),
  }
}

const readSettings: ReadValue<Readonly<Record<string, string>>> = (value, path) => {
  if (!isRecord(value)) throw new ConfigError(`${path} must be an object of values by setting.`)
  const entries = Object.entries(value).map(([name, setting]) => {
    if (typeof setting !== 'string') throw new ConfigError(`${path}[${JSON.stringify(name)}] must be a text.`)
    return [readSetting(name, `${path}: a key`), setting]
  })
  return Object.fromEntries(entries)
}
