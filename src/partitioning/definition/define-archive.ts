import { ConfigError } from '../../errors/config.ts'
import { isRecord, refuseUnknown } from './option-values.ts'
import type { ArchiveRules } from './partition-options.ts'

const FORMATS: readonly ArchiveRules['format'][] = ['ndjson.gz', 'parquet']
/** A folder by its whole path, or a bucket by the rules of S3 and a prefix in it. */
const SINK = /^(?:file:\/\/\/[^?#]*|s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:\/[^?#]*)?)$/

/** @throws {ConfigError} naming the option's path */
export function defineArchive(rules: ArchiveRules, path: string): ArchiveRules {
  if (!isRecord(rules)) throw new ConfigError(`${path} must be an object with format and sink.`)
  refuseUnknown(rules, path, ['format', 'sink'])
  const { format, sink } = rules
  if (!FORMATS.includes(format)) {
    throw new ConfigError(
      `${path}.format is ${JSON.stringify(format)}, but must be one of ${FORMATS.join(', ')}.`,
    )
  }
  // What it is instead is not said: people put keys into addresses.
  if (typeof sink !== 'string' || !SINK.test(sink)) {
    throw new ConfigError(
      `${path}.sink must be file:///folder or s3://bucket/prefix, without a query and without keys.`,
    )
  }
  return Object.freeze({ format, sink })
}
