import type { Variant, VariantName, VariantOptions } from '../tenant-access.ts'
import { connectHandWritten } from './hand-written.ts'
import { connectLeasehold } from './leasehold.ts'
import { connectSessionSet } from './session-set.ts'

const connect: Readonly<Record<VariantName, (options: VariantOptions) => Variant>> = {
  'session-set': connectSessionSet,
  'hand-written': connectHandWritten,
  leasehold: connectLeasehold,
}

/** Opens the pool of a variant. */
export function connectVariant(name: VariantName, options: VariantOptions): Variant {
  return connect[name](options)
}
