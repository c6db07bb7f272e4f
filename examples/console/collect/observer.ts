import { type HistoryPoint, historyPoint } from '../view/history-point.ts'
import type { Observation } from './observation.ts'

/** Observes once a second for as long as somebody looks, and a little longer. */
export interface Observer {
  /** What is known now; begins to observe where nobody looked for a while. */
  look(): Promise<Seen>
  stop(): void
}

/** The latest observation, one of some seconds before for rates, and what the charts show. */
export interface Seen {
  readonly now: Observation
  readonly earlier: Observation | undefined
  readonly history: readonly HistoryPoint[]
}

const EVERY_MS = 1_000
const KEPT_POINTS = 180
/** Rates are of so many observations: shorter ones jump. */
const RATE_OVER = 10
const STOPS_AFTER_MS = 600_000

/** @param observe asks every source; never rejects */
export function createObserver(observe: () => Promise<Observation>): Observer {
  let recent: readonly Observation[] = []
  let history: readonly HistoryPoint[] = []
  let first: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let lookedAtMs = 0
  let isBusy = false

  async function step(): Promise<void> {
    if (isBusy) return
    isBusy = true
    try {
      const now = await observe()
      history = [...history, historyPoint(recent.at(-1), now)].slice(-KEPT_POINTS)
      recent = [...recent, now].slice(-RATE_OVER - 1)
    } finally {
      isBusy = false
    }
  }

  function stop(): void {
    clearInterval(timer)
    timer = undefined
    first = undefined
    recent = []
    history = []
  }

  return {
    async look() {
      lookedAtMs = Date.now()
      first ??= step()
      timer ??= setInterval(() => {
        if (Date.now() - lookedAtMs > STOPS_AFTER_MS) stop()
        else void step()
      }, EVERY_MS).unref()
      await first
      const now = recent.at(-1)
      if (!now) throw new Error('The first observation has failed.')
      return { now, earlier: recent.length > 1 ? recent[0] : undefined, history }
    },
    stop,
  }
}
