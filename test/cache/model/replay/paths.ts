import type { Random } from '../../../support/random.ts'
import type { Protocol } from '../protocol.ts'
import type { Path } from '../state-set.ts'
import { type Kind, type Step, unpackStep } from '../step.ts'

interface Move {
  readonly step: Step
  readonly after: Uint8Array
}

/** All steps from a state. */
function movesFrom(protocol: Protocol, state: Uint8Array): Move[] {
  const moves: Move[] = []
  protocol.expand(state, (step, next) => moves.push({ step: unpackStep(step), after: next.slice() }))
  return moves
}

/** Steps that cut short what had begun: taken as often as others, hardly anything would ever come to its end. */
const RARE: ReadonlySet<Kind> = new Set<Kind>([
  'abort',
  'crash',
  'fail',
  'vanish',
  'stop',
  'evict',
  'dropEntry',
  'expireLease',
  'failover',
  'carryAgain',
])

/** A way of so many steps at most, as chance has it. */
export function randomPath(protocol: Protocol, random: Random, length: number): Path {
  const steps: Step[] = []
  const states: Uint8Array[] = [protocol.initial]
  let state = protocol.initial
  for (let at = 0; at < length; at += 1) {
    const all = movesFrom(protocol, state)
    const now = String(state)
    const common = all.filter(({ step, after }) => !RARE.has(step.kind) && String(after) !== now)
    if (all.length === 0) break
    const move = random.pick(common.length === 0 || random.chance(20) ? all : common)
    steps.push(move.step)
    states.push(move.after)
    state = move.after
  }
  return { steps, states }
}

interface Node {
  readonly state: Uint8Array
  readonly from: { readonly node: Node; readonly step: Step } | undefined
  readonly edges: { readonly step: Step; readonly to: Node; isTaken: boolean }[]
}

/** Ways from the start that take every step from every state at least once: for protocols with some thousand states. */
export function coveringPaths(protocol: Protocol, longest: number): Path[] {
  const paths: Path[] = []
  for (const node of allNodes(protocol)) {
    while (node.edges.some(({ isTaken }) => !isTaken)) {
      const path = pathTo(node)
      let at: Node | undefined = node
      while (at && path.steps.length < longest) {
        const edge: Node['edges'][number] | undefined = at.edges.find(({ isTaken }) => !isTaken)
        if (edge) {
          edge.isTaken = true
          path.steps.push(edge.step)
          path.states.push(edge.to.state)
        }
        at = edge?.to
      }
      paths.push(path)
    }
  }
  return paths
}

/** Nearest first. */
function allNodes(protocol: Protocol): readonly Node[] {
  const first: Node = { state: protocol.initial, from: undefined, edges: [] }
  const nodes = [first]
  const known = new Map([[String(first.state), first]])
  for (const node of nodes) {
    for (const { step, after } of movesFrom(protocol, node.state)) {
      let to = known.get(String(after))
      if (!to) {
        to = { state: after, from: { node, step }, edges: [] }
        known.set(String(after), to)
        nodes.push(to)
      }
      node.edges.push({ step, to, isTaken: false })
    }
  }
  return nodes
}

function pathTo(node: Node): { steps: Step[]; states: Uint8Array[] } {
  const steps: Step[] = []
  const states: Uint8Array[] = [node.state]
  for (let at = node; at.from; at = at.from.node) {
    steps.unshift(at.from.step)
    states.unshift(at.from.node.state)
  }
  return { steps, states }
}

/**
 * Does what a path of another protocol does, as far as this protocol does it too: a writer marks before it commits, a lease is
 * answered as it is here, and what cannot be done is left out.
 */
export function follow(protocol: Protocol, other: readonly Step[]): Path {
  const steps: Step[] = []
  const states: Uint8Array[] = [protocol.initial]
  const take = (isWanted: (step: Step) => boolean): boolean => {
    const state = states.at(-1) ?? protocol.initial
    const move = movesFrom(protocol, state).find(({ step }) => isWanted(step))
    if (!move) return false
    steps.push(move.step)
    states.push(move.after)
    return true
  }
  for (const { kind, actor } of other) {
    const isSame = (step: Step) => step.kind === kind && step.actor === actor
    if (kind === 'walInsert') while (take((step) => step.kind === 'begin' && step.actor === actor));
    if (take(isSame)) continue
    if (kind === 'lease') take((step) => step.kind.startsWith('lease') && step.actor === actor)
  }
  return { steps, states }
}
