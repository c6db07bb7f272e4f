import type { Check, Invariant } from './invariants.ts'
import type { Machine } from './protocol.ts'
import { type Path, StateSet } from './state-set.ts'
import { KINDS, type Kind } from './step.ts'

/** What a search has seen. */
export interface Found {
  readonly states: number
  readonly edges: number
  /** How often each kind of step was taken. */
  readonly kinds: ReadonlyMap<Kind, number>
  /** The shortest way to a state that must not be. */
  readonly broken: { readonly invariant: Invariant; readonly path: Path } | undefined
  /** States from which no state that `search` was told to look for can be reached any more; not counted without. */
  readonly lost: number | undefined
}

/** What a search does beside looking at every state. */
export interface SearchOptions {
  /** More states than this are a mistake of the setting. */
  readonly maxStates?: number
  /** Counts the states from which none like this can be reached. Keeps all edges: for small settings. */
  readonly alwaysReachable?: (state: Uint8Array) => boolean
}

/**
 * Looks at every state that can be reached, nearest first, until one is broken.
 *
 * @throws {RangeError} there are more states than was allowed for
 */
export function search(machine: Machine, check: Check, options: SearchOptions = {}): Found {
  const words = machine.size / 4
  const seen = new StateSet(words, options.maxStates ?? 20_000_000)
  const view = new Uint8Array(machine.size)
  const kinds = new Float64Array(KINDS.length)
  const sources: number[] = []
  const targets: number[] = []
  let edges = 0

  seen.add(machine.initial, -1, 0)
  let invariant = check(machine.initial)
  let at = 0
  const emit = (step: number, next: Uint8Array) => {
    if (invariant) return
    edges += 1
    const kind = step & 0xff
    kinds[kind] = (kinds[kind] ?? 0) + 1
    const before = seen.size
    const index = seen.add(next, at, step)
    if (options.alwaysReachable) {
      sources.push(at)
      targets.push(index)
    }
    if (seen.size === before) return
    invariant = check(next)
    if (invariant) at = index
  }
  while (at < seen.size && !invariant) {
    seen.read(at, view)
    const from = at
    machine.expand(view, emit)
    if (!invariant) at = from + 1
  }
  const goal = options.alwaysReachable
  return {
    states: seen.size,
    edges,
    kinds: new Map(KINDS.map((kind, number) => [kind, kinds[number] ?? 0])),
    broken: invariant && { invariant, path: seen.path(at) },
    lost: goal && countLost(seen, machine.size, goal, sources, targets),
  }
}

function countLost(
  seen: StateSet,
  size: number,
  goal: (state: Uint8Array) => boolean,
  sources: readonly number[],
  targets: readonly number[],
): number {
  const view = new Uint8Array(size)
  const into: number[][] = Array.from({ length: seen.size }, () => [])
  for (const [edge, target] of targets.entries()) into[target]?.push(sources[edge] ?? 0)
  const reached = new Uint8Array(seen.size)
  const open: number[] = []
  for (let index = 0; index < seen.size; index += 1) {
    seen.read(index, view)
    if (goal(view)) {
      reached[index] = 1
      open.push(index)
    }
  }
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    for (const source of into[index] ?? []) {
      if (reached[source] === 1) continue
      reached[source] = 1
      open.push(source)
    }
  }
  return reached.reduce((lost, mark) => lost + (mark === 0 ? 1 : 0), 0)
}
