import { Draft } from './draft.ts'
import { FLOOR, Layout, MISSING, OLD_FLOOR, SAME, type Shape } from './layout.ts'
import { stepReader } from './readers.ts'
import type { Rules } from './rules.ts'
import { stepResolver } from './settling.ts'
import { stepWorld } from './world.ts'
import { type Emit, stepReplica, stepWriter } from './writers.ts'

/** Something that steps from state to state. */
export interface Machine {
  /** Bytes of a state, a multiple of four. */
  readonly size: number
  readonly initial: Uint8Array
  /** Calls `emit` with every step from a state, and the state behind it, whose bytes are used again after the call. */
  expand(state: Uint8Array, emit: (step: number, next: Uint8Array) => void): void
}

/** What a protocol is to be looked at with. */
export interface Setting {
  readonly shape: Shape
  /** Fences of the entry that each writer overwrites; all of them where nothing is said. */
  readonly writes?: readonly (readonly number[])[]
  /** States that mean the same count once. Off, readers keep their numbers, so that a path can be told. */
  readonly isReduced?: boolean
}

/** Writers, readers, a replica, settlers and one entry under some fences, by some rules. */
export class Protocol implements Machine {
  readonly layout: Layout
  readonly rules: Rules
  readonly setting: Setting
  readonly writes: readonly (readonly number[])[]
  readonly initial: Uint8Array
  readonly #now: Draft
  readonly #next: Draft

  constructor(rules: Rules, setting: Setting) {
    this.rules = rules
    this.setting = setting
    this.layout = new Layout(setting.shape)
    const all = Array.from({ length: setting.shape.fences }, (_, fence) => fence)
    this.writes = Array.from(
      { length: setting.shape.writers },
      (_, writer) => setting.writes?.[writer] ?? all,
    )
    this.#now = new Draft(this.layout, rules)
    this.#next = new Draft(this.layout, rules)
    const first = new Draft(this.layout, rules)
    first.set(SAME, 1)
    if (rules.start === 'missing') {
      for (const f of all) {
        first.set(this.layout.fence(f) + FLOOR, MISSING).set(this.layout.fence(f) + OLD_FLOOR, MISSING)
      }
    }
    this.initial = first.bytes
  }

  get size(): number {
    return this.layout.size
  }

  expand(state: Uint8Array, emit: (step: number, next: Uint8Array) => void): void {
    const now = this.#now
    const next = this.#next
    now.bytes.set(state)
    const isReduced = this.setting.isReduced === true
    const emitChange: Emit = (step, change) => {
      next.bytes.set(state)
      change(next)
      next.normalise(isReduced)
      emit(step, next.bytes)
    }
    const { writers, readers, resolvers } = this.layout.shape
    for (let w = 0; w < writers; w += 1) stepWriter(now, w, this.writes[w] ?? [], emitChange)
    stepReplica(now, emitChange)
    for (let r = 0; r < readers; r += 1) stepReader(now, r, emitChange)
    if (this.rules.before === 'mark' && this.rules.marks === 'settled') {
      for (let r = 0; r < resolvers; r += 1) stepResolver(now, r, emitChange)
    }
    stepWorld(now, emitChange)
  }
}
