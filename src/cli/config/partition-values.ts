import { ConfigError } from '../../errors/config.ts'
import { definePartitions } from '../../partitioning/definition/define-partitions.ts'
import type { PartitionOptions } from '../../partitioning/definition/partition-options.ts'
import { isRecord, type ReadValue } from './config-values.ts'

/** Tables that are kept in months. `definePartitions` checks every value, and names what is wrong by its own path. */
export const readPartitions: ReadValue<PartitionOptions> = (value, path) => {
  if (!isRecord(value)) throw new ConfigError(`${path} must be an object with tables.`)
  const options = value as unknown as PartitionOptions
  try {
    definePartitions(options)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    throw new ConfigError(error.message.replace(/^options/, path), { cause: error })
  }
  return options
}
