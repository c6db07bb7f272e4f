import type { Metrics } from '@clinic/kit'
import type { CoreApiEnv, Wiring } from './wiring.ts'

/** What the service is made of. */
export interface CoreApiParts {
  readonly env: Pick<CoreApiEnv, 'METRICS_TOKEN' | 'RENDER_MS'>
  readonly wiring: Wiring
  readonly metrics: Metrics
}
