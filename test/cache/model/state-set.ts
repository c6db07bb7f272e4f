import { type Step, unpackStep } from './step.ts'

/** A way from the start to a state. */
export interface Path {
  readonly steps: readonly Step[]
  /** The state at the start, and that behind each step. */
  readonly states: readonly Uint8Array[]
}

/** FNV-1a over words, stirred, since most words of a state are small. */
function hash(rows: Uint32Array, from: number, words: number): number {
  let value = 0x811c9dc5
  for (let i = from; i < from + words; i += 1) {
    value = Math.imul(value ^ (rows[i] ?? 0), 0x01000193)
    value ^= value >>> 15
  }
  return Math.imul(value, 0x9e3779b1) >>> 0
}

/** States in the order in which they were seen, each with the step that led there: rows of words in one array, found by a hash. */
export class StateSet {
  readonly #words: number
  readonly #most: number
  #rows: Uint32Array
  #parents: Int32Array
  #steps: Int32Array
  #table: Int32Array
  readonly #bytes: Uint8Array
  readonly #row: Uint32Array
  #size = 0

  constructor(words: number, most: number) {
    this.#words = words
    this.#most = most
    this.#rows = new Uint32Array(words * 4096)
    this.#parents = new Int32Array(4096)
    this.#steps = new Int32Array(4096)
    this.#table = new Int32Array(16_384).fill(-1)
    this.#bytes = new Uint8Array(words * 4)
    this.#row = new Uint32Array(this.#bytes.buffer)
  }

  get size(): number {
    return this.#size
  }

  /** The number of a state, which is new if it is the last. */
  add(state: Uint8Array, parent: number, step: number): number {
    this.#bytes.set(state)
    const words = this.#words
    const mask = this.#table.length - 1
    let slot = hash(this.#row, 0, words) & mask
    for (;;) {
      const index = this.#table[slot] ?? -1
      if (index < 0) break
      if (this.#isAt(index)) return index
      slot = (slot + 1) & mask
    }
    const index = this.#size
    if (index >= this.#most) throw new RangeError(`more than ${this.#most} states: the setting is too large`)
    if (index === this.#parents.length) this.#grow()
    this.#rows.set(this.#row, index * words)
    this.#parents[index] = parent
    this.#steps[index] = step
    this.#table[slot] = index
    this.#size += 1
    if (this.#size * 2 > this.#table.length) this.#rehash()
    return index
  }

  read(index: number, into: Uint8Array): void {
    this.#row.set(this.#rows.subarray(index * this.#words, (index + 1) * this.#words))
    into.set(this.#bytes)
  }

  /** The way by which a state was seen first; the shortest, if those before it were looked at first. */
  path(index: number): Path {
    const steps: Step[] = []
    const states: Uint8Array[] = []
    for (let at = index; at >= 0; at = this.#parents[at] ?? -1) {
      const state = new Uint8Array(this.#words * 4)
      this.read(at, state)
      states.unshift(state)
      if ((this.#parents[at] ?? -1) >= 0) steps.unshift(unpackStep(this.#steps[at] ?? 0))
    }
    return { steps, states }
  }

  #isAt(index: number): boolean {
    const from = index * this.#words
    for (let i = 0; i < this.#words; i += 1) if (this.#rows[from + i] !== this.#row[i]) return false
    return true
  }

  #grow(): void {
    const rows = new Uint32Array(this.#rows.length * 2)
    rows.set(this.#rows)
    this.#rows = rows
    const parents = new Int32Array(this.#parents.length * 2)
    parents.set(this.#parents)
    this.#parents = parents
    const steps = new Int32Array(this.#steps.length * 2)
    steps.set(this.#steps)
    this.#steps = steps
  }

  #rehash(): void {
    const old = this.#table
    const table = new Int32Array(old.length * 2).fill(-1)
    const mask = table.length - 1
    for (let index = 0; index < this.#size; index += 1) {
      let slot = hash(this.#rows, index * this.#words, this.#words) & mask
      while ((table[slot] ?? -1) >= 0) slot = (slot + 1) & mask
      table[slot] = index
    }
    this.#table = table
  }
}
