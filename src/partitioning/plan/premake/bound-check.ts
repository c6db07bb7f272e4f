import { fitName } from '../../../rls/policy/derived-name.ts'

/** The CHECK that keeps a staged table to its month until the bounds of the partition do. */
export function boundCheckName(partition: string): string {
  return fitName(`${partition}_bound`)
}
