import type { CommitEvidence } from '../../errors/outcome.ts'
import type { CacheDatabase } from '../database.ts'
import type { FenceEnd, FenceWriter } from './fence-writer.ts'

/** A mark whose time is over. */
export interface ExpiredMark {
  readonly token: string
  readonly evidence: CommitEvidence
}

/** Fences whose marks can be claimed. */
export interface ClaimableFences extends FenceWriter {
  /** The marks of a fence whose time is over, each given to one claimant for some milliseconds. @throws {CacheUnavailableError} */
  claim(fence: string, forMs: number): Promise<readonly ExpiredMark[]>
}

/** Milliseconds for one question to the primary. */
const ASK_MS = 2_000

/**
 * Settles marks that were left behind, as by a process that was killed between COMMIT and the end of its call: PostgreSQL knows by
 * the transaction's id what became of it. While that is in progress the mark stays, however long it takes.
 */
export class Settler {
  readonly #database: Pick<CacheDatabase, 'outcome' | 'position'>
  readonly #fences: ClaimableFences
  readonly #running = new Map<string, Promise<void>>()
  #settled = 0

  constructor(database: Pick<CacheDatabase, 'outcome' | 'position'>, fences: ClaimableFences) {
    this.#database = database
    this.#fences = fences
  }

  /** Marks that this process has settled. */
  get settled(): number {
    return this.#settled
  }

  /** Settles what can be settled on a fence now. Never rejects: what cannot stays marked. */
  settle(fence: string): Promise<void> {
    const running = this.#running.get(fence)
    if (running !== undefined) return running
    const settling = this.#settle(fence)
      .catch(ignore)
      .finally(() => this.#running.delete(fence))
    this.#running.set(fence, settling)
    return settling
  }

  async #settle(fence: string): Promise<void> {
    for (const { token, evidence } of await this.#fences.claim(fence, ASK_MS)) {
      const outcome = await this.#database.outcome(evidence, ASK_MS)
      if (outcome === 'in progress') continue
      await this.#fences.finish([fence], { token, end: await this.#endOf(outcome) })
      this.#settled += 1
    }
  }

  /** What nobody can know counts as committed. The position is asked for afterwards, so that the commit is before it. */
  async #endOf(outcome: 'committed' | 'aborted' | 'unknown'): Promise<FenceEnd> {
    if (outcome === 'aborted') return { outcome }
    const at = await this.#database.position(ASK_MS)
    return { outcome: 'committed', lsn: at?.lsn }
  }
}

function ignore(): void {}
