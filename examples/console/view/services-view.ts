import type { Observation } from '../collect/observation.ts'
import { perSecond, rise, type Stretch } from './deltas.ts'
import type { Status } from './status.ts'

/** One service, as a row. */
export interface ServiceView {
  readonly name: string
  readonly status: Status
  readonly note: string
  /** Nothing of a service that does not answer. */
  readonly figures:
    | {
        readonly uptimeS: number
        readonly requestsPerS: number
        readonly errorShare: number
        readonly holdP50Ms: number
        readonly holdP99Ms: number
        readonly roundTripP50Ms: number
        readonly roundTripP99Ms: number
        readonly alarms: number
      }
    | undefined
}

/** Responses of status 500 and above that are no cause for worry: one restart of a client's connection in a hundred requests. */
const CALM_ERROR_SHARE = 0.01

/** How each service does; rates are of the stretch. */
export function viewServices(now: Observation, all: readonly Stretch[]): readonly ServiceView[] {
  return now.services.map(({ name, metrics }): ServiceView => {
    if (!metrics.ok) return { name, status: 'bad', note: metrics.reason, figures: undefined }
    const { uptimeS, holdMs, roundTripMs, alarms } = metrics.value
    const stretch = all.find((each) => each.name === name)
    const requests = stretch ? rise(stretch, ({ http }) => http.requests) : 0
    const errors = stretch ? rise(stretch, ({ http }) => http.errors) : 0
    const errorShare = requests === 0 ? 0 : errors / requests
    return {
      name,
      ...judge(alarms, errorShare),
      figures: {
        uptimeS,
        requestsPerS: stretch ? perSecond([stretch], ({ http }) => http.requests) : 0,
        errorShare,
        holdP50Ms: holdMs.p50,
        holdP99Ms: holdMs.p99,
        roundTripP50Ms: roundTripMs.p50,
        roundTripP99Ms: roundTripMs.p99,
        alarms,
      },
    }
  })
}

function judge(alarms: number, errorShare: number): { readonly status: Status; readonly note: string } {
  if (alarms > 0)
    return { status: 'bad', note: 'A connection was not as it should be: see the alarms in its log' }
  if (errorShare > CALM_ERROR_SHARE) return { status: 'warn', note: 'Answers with errors' }
  return { status: 'ok', note: 'Answers' }
}
