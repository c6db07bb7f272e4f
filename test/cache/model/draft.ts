import {
  byte,
  DUE,
  ENTRY,
  ENTRY_RANK,
  ENTRY_VERSION,
  FLOOR,
  GENS,
  GHOST,
  HOLDS,
  KEPT,
  KEPT_VERSION,
  type Layout,
  LEASED,
  LOADED,
  LSN,
  MINIMUM,
  MISSING,
  OLD_RANK,
  PENDING,
  PHASE,
  RANK,
  READER_SIZE,
  SAME,
  SOURCE,
  UNKNOWN,
  VERSION,
} from './layout.ts'
import type { Rules } from './rules.ts'

/** A state that is being made from another: the fences and the entry as Redis has them, and what a change of them does to all others. */
export class Draft {
  readonly layout: Layout
  readonly rules: Rules
  readonly bytes: Uint8Array

  constructor(layout: Layout, rules: Rules) {
    this.layout = layout
    this.rules = rules
    this.bytes = new Uint8Array(layout.size)
  }

  get(offset: number): number {
    return byte(this.bytes, offset)
  }

  set(offset: number, value: number): this {
    this.bytes[offset] = value
    return this
  }

  /** A new gen: whoever has the old one has nothing. */
  bump(): void {
    const { layout, rules } = this
    if (rules.gens) {
      for (let r = 0; r < layout.shape.readers; r += 1) {
        const at = layout.reader(r) + GENS
        this.set(at, this.get(at) & 6)
      }
    }
    if (rules.local === 'revalidated') this.set(KEPT, this.get(KEPT) & 2)
    this.dropEntry()
    this.set(SAME, 0)
  }

  dropEntry(): void {
    this.set(ENTRY, 0).set(ENTRY_VERSION, 0).set(ENTRY_RANK, 0)
  }

  isMissing(fence: number): boolean {
    return this.get(this.layout.fence(fence) + FLOOR) === MISSING
  }

  isAnyMissing(): boolean {
    for (let f = 0; f < this.layout.shape.fences; f += 1) if (this.isMissing(f)) return true
    return false
  }

  /** Makes a fence that is not there; its marks, if another epoch left some, stay. */
  make(fence: number): void {
    if (!this.isMissing(fence)) return
    this.set(this.layout.fence(fence) + FLOOR, this.rules.lostFloor === 'unknown' ? UNKNOWN : 0)
    this.bump()
  }

  mark(fence: number, writer: number): void {
    this.make(fence)
    const at = this.layout.fence(fence) + PENDING
    this.set(at, this.get(at) | (1 << writer))
    this.bump()
  }

  /** @param lsn a position, `UNKNOWN`, or nothing for what was rolled back */
  unmark(fence: number, writer: number | undefined, lsn: number | undefined): void {
    this.make(fence)
    const at = this.layout.fence(fence)
    if (writer !== undefined) this.set(at + PENDING, this.get(at + PENDING) & ~(1 << writer))
    this.raise(fence, lsn)
    this.bump()
  }

  raise(fence: number, lsn: number | undefined): void {
    const at = this.layout.fence(fence) + FLOOR
    const before = this.get(at)
    if (lsn === undefined || before === UNKNOWN) return
    this.set(at, lsn === UNKNOWN || this.rules.floor === 'latest' ? lsn : Math.max(before, lsn))
  }

  isPending(): boolean {
    for (let f = 0; f < this.layout.shape.fences; f += 1) {
      if (this.get(this.layout.fence(f) + PENDING) !== 0) return true
    }
    return false
  }

  isServable(): boolean {
    return this.get(ENTRY) === 1 && !this.isPending()
  }

  /** The highest floor; unknown if one is. */
  highestFloor(): number {
    let highest = 0
    for (let f = 0; f < this.layout.shape.fences; f += 1) {
      highest = Math.max(highest, this.get(this.layout.fence(f) + FLOOR))
    }
    return highest
  }

  isLeased(): boolean {
    if (this.get(GHOST) === 1) return true
    for (let r = 0; r < this.layout.shape.readers; r += 1) {
      if (this.get(this.layout.reader(r) + HOLDS) === 1) return true
    }
    return false
  }

  dropLease(): void {
    this.set(GHOST, 0)
    for (let r = 0; r < this.layout.shape.readers; r += 1) this.set(this.layout.reader(r) + HOLDS, 0)
  }

  endReader(reader: number): void {
    const at = this.layout.reader(reader)
    this.bytes.fill(0, at, at + READER_SIZE)
  }

  /** Ranks as low as they can be, and nothing of what nobody can ask for any more: fewer states that mean the same. */
  normalise(isReduced: boolean): void {
    const { layout, rules } = this
    const { readers } = layout.shape
    if (this.get(KEPT) === 0) this.set(KEPT_VERSION, 0)
    if (isReduced && rules.gens && rules.joins === 'nobody') {
      for (let r = 0; r < readers; r += 1) {
        const at = layout.reader(r)
        const phase = this.get(at + PHASE)
        if (phase < LEASED || phase > LOADED || this.get(at + GENS) !== 0) continue
        // Whatever it still reads, it will not be stored.
        this.set(at + PHASE, LOADED)
          .set(at + SOURCE, 0)
          .set(at + VERSION, 0)
          .set(at + LSN, 0)
        this.set(at + DUE, 0)
          .set(at + MINIMUM, 0)
          .set(at + RANK, 0)
      }
    }
    this.#compressRanks()
    if (isReduced && readers > 1) this.#sortReaders()
  }

  /** The next rank: that of a lease that is granted now. */
  nextRank(): number {
    let highest = Math.max(this.get(ENTRY_RANK), this.get(OLD_RANK))
    for (let r = 0; r < this.layout.shape.readers; r += 1) {
      highest = Math.max(highest, this.get(this.layout.reader(r) + RANK))
    }
    return highest + 1
  }

  /** A rank says only who was before whom. With one reader, nobody ever was. */
  #compressRanks(): void {
    const { readers } = this.layout.shape
    if (readers === 1) {
      this.set(ENTRY_RANK, 0)
        .set(OLD_RANK, 0)
        .set(this.layout.reader(0) + RANK, 0)
      return
    }
    let compressed = 0
    const highest = this.nextRank()
    for (let rank = 1; rank < highest; rank += 1) {
      let isUsed = this.get(ENTRY_RANK) === rank || this.get(OLD_RANK) === rank
      for (let r = 0; r < readers && !isUsed; r += 1) isUsed = this.get(this.layout.reader(r) + RANK) === rank
      if (!isUsed) continue
      compressed += 1
      if (compressed === rank) continue
      if (this.get(ENTRY_RANK) === rank) this.set(ENTRY_RANK, compressed)
      if (this.get(OLD_RANK) === rank) this.set(OLD_RANK, compressed)
      for (let r = 0; r < readers; r += 1) {
        const at = this.layout.reader(r) + RANK
        if (this.get(at) === rank) this.set(at, compressed)
      }
    }
  }

  #sortReaders(): void {
    const { readers } = this.layout.shape
    for (let end = readers - 1; end > 0; end -= 1) {
      for (let r = 0; r < end; r += 1) this.#swapIfAfter(this.layout.reader(r), this.layout.reader(r + 1))
    }
  }

  #swapIfAfter(left: number, right: number): void {
    for (let i = 0; i < READER_SIZE; i += 1) {
      const difference = this.get(left + i) - this.get(right + i)
      if (difference < 0) return
      if (difference > 0) break
    }
    for (let i = 0; i < READER_SIZE; i += 1) {
      const kept = this.get(left + i)
      this.set(left + i, this.get(right + i)).set(right + i, kept)
    }
  }
}
