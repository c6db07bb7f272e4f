import type { ArmedCut } from './cut.ts'
import type { Direction } from './message-names.ts'
import type { MessageObserver, SeenMessage } from './seen-message.ts'
import type { Tamper } from './tamper.ts'

/** What the test has switched on; shared by every connection and read for each chunk. */
export class Toxics {
  readonly delayMs: Record<Direction, number> = { client: 0, server: 0 }
  readonly swallows: Record<Direction, boolean> = { client: false, server: false }
  refusing = false
  readonly observers: Set<MessageObserver> = new Set<MessageObserver>()
  readonly cuts: Set<ArmedCut> = new Set<ArmedCut>()
  readonly tampers: Map<Direction, Tamper> = new Map<Direction, Tamper>()
  /** What observers and hooks threw, and what the listening socket reported: `close()` throws it. */
  readonly faults: unknown[] = []

  /** True when something needs this direction's messages whole. */
  inspects(direction: Direction): boolean {
    if (this.observers.size > 0 || this.tampers.has(direction)) return true
    for (const armed of this.cuts) if (armed.cut.direction === direction) return true
    return false
  }

  /** The armed cut that this message fires, which is then no longer armed. */
  takeCut(seen: SeenMessage): ArmedCut | undefined {
    for (const armed of this.cuts) {
      if (!armed.matches(seen)) continue
      this.cuts.delete(armed)
      return armed
    }
    return undefined
  }

  /** Returns how many cuts had not been made. */
  disarmCuts(reason: string): number {
    const count = this.cuts.size
    for (const armed of this.cuts) armed.disarm(reason)
    this.cuts.clear()
    return count
  }
}
