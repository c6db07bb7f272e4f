import { ConfigError } from '../../errors/config.ts'
import { defineArchive } from './define-archive.ts'
import { isRecord, readName, readWhole, refuseUnknown } from './option-values.ts'
import type { KeyType, PartitionedTable, PartitionedTableOptions } from './partition-options.ts'

const KNOWN = [
  'key',
  'keyType',
  'every',
  'premake',
  'retain',
  'graceDays',
  'archive',
  'minLeaves',
  'maxRetirePerRun',
]
const KEY_TYPES: readonly KeyType[] = ['timestamptz', 'timestamp', 'date', 'uuidv7']
/** Ten years ahead; each partition costs every plan and every connection. */
const MOST_PREMAKE = 120
/** As far as months reach, which begin with the year 1. */
const MOST_RETAIN = 12_000
const MOST_DAYS = 36_500

/** @throws {ConfigError} naming the option's path */
export function defineTable(given: string, options: PartitionedTableOptions): PartitionedTable {
  const name = readName(given, 'A name in options.tables', undefined)
  const path = `options.tables.${name}`
  if (!isRecord(options)) throw new ConfigError(`${path} must be an object with key, keyType and every.`)
  refuseUnknown(options, path, KNOWN)
  const { keyType, every } = options
  if (!KEY_TYPES.includes(keyType)) {
    throw new ConfigError(
      `${path}.keyType is ${JSON.stringify(keyType)}, but must be one of ${KEY_TYPES.join(', ')}.`,
    )
  }
  if (every !== 'month') {
    throw new ConfigError(`${path}.every is ${JSON.stringify(every)}, but must be "month".`)
  }
  return Object.freeze({
    name,
    key: readName(options.key, `${path}.key`, undefined),
    keyType,
    premake: readWhole(options.premake, `${path}.premake`, { from: 1, to: MOST_PREMAKE, otherwise: 3 }),
    retainMonths: readRetain(options.retain, `${path}.retain`),
    graceDays: readWhole(options.graceDays, `${path}.graceDays`, { from: 0, to: MOST_DAYS, otherwise: 14 }),
    archive: options.archive === undefined ? undefined : defineArchive(options.archive, `${path}.archive`),
    minLeaves: readWhole(options.minLeaves, `${path}.minLeaves`, {
      from: 1,
      to: MOST_RETAIN,
      otherwise: 4,
    }),
    maxRetirePerRun: readWhole(options.maxRetirePerRun, `${path}.maxRetirePerRun`, {
      from: 1,
      to: MOST_RETAIN,
      otherwise: 1,
    }),
  })
}

function readRetain(retain: PartitionedTableOptions['retain'], path: string): number | undefined {
  if (retain === undefined) return undefined
  if (!isRecord(retain)) throw new ConfigError(`${path} must be an object such as { months: 84 }.`)
  refuseUnknown(retain, path, ['months'])
  return readWhole(retain.months, `${path}.months`, { from: 1, to: MOST_RETAIN, otherwise: undefined })
}
