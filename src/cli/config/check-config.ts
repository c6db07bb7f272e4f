import { ConfigError } from '../../errors/config.ts'
import { suggest } from '../nearest.ts'
import {
  isRecord,
  type ReadValue,
  readList,
  readName,
  readSetting,
  readTableName,
  readTenantColumns,
  readText,
} from './config-values.ts'
import type { LeaseholdConfig } from './leasehold-config.ts'
import { readPartitions } from './partition-values.ts'
import { readPrivileges, readSettingOrColumn } from './policy-values.ts'
import { readProbe } from './probe-values.ts'

/** How each key is read. */
const KEYS: { readonly [Key in keyof Required<LeaseholdConfig>]: ReadValue<unknown> } = {
  appRole: readName,
  tenantColumn: readName,
  tenantColumns: readTenantColumns,
  tenantSetting: readSetting,
  settings: readList(readSettingOrColumn),
  shared: readList(readTableName),
  backupRoles: readList(readName),
  poolerUrl: readText,
  sources: readList(readText),
  schemas: readList(readName),
  internal: readList(readTableName),
  privileges: readPrivileges,
  keepPolicies: readList(readName),
  probe: readProbe,
  partitions: readPartitions,
}

/**
 * Checks what a configuration file holds.
 *
 * @param path of the file, for messages
 * @throws {ConfigError} for an unknown key or a value that is none
 */
export function checkConfig(value: unknown, path: string): LeaseholdConfig {
  if (!isRecord(value)) {
    throw new ConfigError(
      `${path} holds no configuration: it must be an object, in TypeScript or JavaScript the default export.`,
    )
  }
  const known: readonly string[] = Object.keys(KEYS)
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined)
  for (const [key] of entries) {
    if (known.includes(key)) continue
    throw new ConfigError(
      `${path} has the unknown key ${JSON.stringify(key)}.${suggest(key, known)} Known are: ${known.join(', ')}.`,
    )
  }
  const read = (key: string, entry: unknown) => KEYS[key as keyof typeof KEYS](entry, `${path}: ${key}`)
  return Object.fromEntries(entries.map(([key, entry]) => [key, read(key, entry)]))
}
