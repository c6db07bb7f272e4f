import type { Leasehold } from '../../leasehold.ts'
import type { RequestScope } from '../request-scope.ts'
import type { NextFunctions } from './next-functions.ts'

/** What a wrapped function works with. */
export interface Entered {
  readonly db: Leasehold
  readonly next: NextFunctions
  /** Nothing where the request has no identity. */
  readonly scope: RequestScope | undefined
}
