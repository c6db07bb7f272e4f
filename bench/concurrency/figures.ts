import type { RequestsMeasured } from './requests/measure-requests.ts'
import type { SlowFigures } from './slow/messages.ts'
import type { SlowCase } from './slow/ways.ts'

/** A case of the slow reads with all its repeats. */
export interface SlowMeasured {
  readonly slowCase: SlowCase
  readonly repeats: readonly SlowFigures[]
}

/** What was measured. */
export interface ConcurrencyFigures {
  readonly requests: readonly RequestsMeasured[]
  readonly slow: readonly SlowMeasured[]
}
