import type { CacheDatabase, LogPosition } from '../database.ts'
import type { DatabaseIdentity } from './read-identity.ts'

/** Milliseconds between two looks at the timeline, which tells how long a promotion can go unnoticed by a process that only hits. */
const LOOK_EVERY_MS = 2_000
const LOOK_MS = 1_000

/** Whose rows are cached, and on which timeline they are by now. */
export class KnownIdentity {
  readonly is: DatabaseIdentity
  readonly #onTimeline: (timeline: number) => void
  readonly #timer: NodeJS.Timeout
  #timeline: number | undefined
  #isLooking = false

  /** @param onTimeline is told of the timeline, at once and each time that it rises */
  constructor(
    is: DatabaseIdentity,
    database: Pick<CacheDatabase, 'position'>,
    onTimeline: (timeline: number) => void,
  ) {
    this.is = is
    this.#onTimeline = onTimeline
    if (is.timeline !== undefined) this.sawTimeline(is.timeline)
    this.#timer = setInterval(() => void this.#look(database), LOOK_EVERY_MS)
    this.#timer.unref()
  }

  /** A server that had been the primary of an older timeline can still answer: timelines only rise. */
  sawTimeline(timeline: number): void {
    if (this.#timeline !== undefined && timeline <= this.#timeline) return
    this.#timeline = timeline
    this.#onTimeline(timeline)
  }

  /** The place of an LSN in the history as it is now; nothing where nobody may know that. */
  positionOf(lsn: bigint): LogPosition | undefined {
    if (this.#timeline === undefined) return undefined
    return { systemId: this.is.systemId, timeline: this.#timeline, lsn }
  }

  close(): void {
    clearInterval(this.#timer)
  }

  async #look(database: Pick<CacheDatabase, 'position'>): Promise<void> {
    if (this.#isLooking) return
    this.#isLooking = true
    try {
      const at = await database.position(LOOK_MS)
      if (at) this.sawTimeline(at.timeline)
    } catch {
      // A primary that does not answer has no new timeline to tell.
    } finally {
      this.#isLooking = false
    }
  }
}
