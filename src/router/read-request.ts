import type { Isolation } from '../transaction/begin.ts'
import type { Deadline } from '../wire/deadline.ts'
import type { CallRoutingOptions } from './call-routing-options.ts'

/** What is asked of a read that a replica may serve. */
export interface ReadRequest extends CallRoutingOptions {
  readonly isolation: Isolation | undefined
  readonly deadline: Deadline
}
