import { Draft } from '../draft.ts'
import {
  byte,
  ENTRY,
  ENTRY_VERSION,
  FINISHING,
  FLOOR,
  GENS,
  HOLDS,
  KEPT,
  KEPT_VERSION,
  LEASED,
  LOADED,
  LSN,
  MISSING,
  OF_FENCE,
  OF_WRITER,
  PENDING,
  PHASE,
  REPLICA,
  SAW_ABORTED,
  SAW_NOTHING,
  SOURCE,
  STEP,
  UNKNOWN,
  VERSION,
} from '../layout.ts'
import type { Protocol } from '../protocol.ts'
import { store } from '../readers.ts'
import type { Kind, Step } from '../step.ts'
import type { RealFences, Seen } from './real-fences.ts'

/** What a reader of the model has in the real Redis. */
interface RealReader {
  readonly token: string
  readonly ordinal: string
  readonly gens: string
}

/** A step after which Redis and the model do not say the same. */
export class Divergence extends Error {
  override readonly name = 'Divergence'
}

const LEASE_ANSWERS: Partial<Record<Kind, string>> = {
  lease: 'load',
  leasePending: 'pending',
  leaseWait: 'wait',
  leaseHit: 'hit',
}

/** Does in a real Redis what the model does, and compares after every step. */
export class Replayer {
  readonly #protocol: Protocol
  readonly #real: RealFences
  readonly #onAnswer: (answer: string) => void
  readonly #readers = new Map<number, RealReader>()
  /** The token in the lease, whoever it is of. */
  #holder: string | undefined
  #kept: { readonly gens: string; readonly version: number } | undefined
  #seen: Seen | undefined
  #tokens = 0

  /** @param onAnswer is told what the scripts answer */
  constructor(protocol: Protocol, real: RealFences, onAnswer: (answer: string) => void = () => {}) {
    this.#protocol = protocol
    this.#real = real
    this.#onAnswer = onAnswer
  }

  async start(): Promise<void> {
    await this.#real.reset(this.#protocol.rules.start)
    this.#readers.clear()
    this.#holder = undefined
    this.#kept = undefined
    this.#seen = undefined
    await this.#compare(undefined, this.#protocol.initial)
  }

  /** @throws {Divergence} */
  async step(step: Step, before: Uint8Array, after: Uint8Array): Promise<void> {
    await this.#act(step, before)
    await this.#compare({ step, before }, after)
  }

  async #act(step: Step, before: Uint8Array): Promise<void> {
    const { layout, rules, writes } = this.#protocol
    const { kind, actor, detail } = step
    const fences = writes[actor] ?? []
    const writer = layout.writer(actor)
    switch (kind) {
      case 'begin': {
        const next = byte(before, writer + STEP)
        return this.#real.begin(
          rules.begins === 'atomic' ? fences : fences.slice(next, next + 1),
          tokenOf(actor),
        )
      }
      case 'finish':
      case 'rollBack': {
        const at = byte(before, writer + STEP)
        const isCommitted = byte(before, writer + PHASE) === FINISHING
        const end = isCommitted ? byte(before, writer + LSN) : ''
        return this.#real.finish(fences.slice(at, at + 1), tokenOf(actor), end)
      }
      case 'carry':
      case 'carryAgain':
        return this.#real.finish(fences, '', '?')
      case 'lease':
      case 'leasePending':
      case 'leaseWait':
      case 'leaseHit':
        return this.#lease(kind, actor)
      case 'store':
        return this.#store(actor, before)
      case 'fail': {
        const reader = this.#reader(actor)
        await this.#real.release(reader.token)
        if (this.#holder === reader.token) this.#holder = undefined
        return
      }
      case 'claim': {
        const tokens = (await this.#real.claim(detail >> 4)).sort()
        const marked = marksOf(byte(before, layout.fence(detail >> 4) + PENDING))
        if (String(tokens) !== String(marked)) {
          throw new Divergence(`claimed ${tokens}, where the model has ${marked}`)
        }
        return
      }
      case 'settle':
        return this.#settle(actor, before)
      case 'expireLease':
        this.#holder = undefined
        return this.#real.expireLease()
      case 'dropEntry':
        return this.#real.dropEntry()
      case 'keep':
        this.#kept = this.#seen?.entry
        return
      case 'evict':
        return this.#real.evict(detail)
      case 'sync':
        return this.#real.sync()
      case 'failover':
        this.#holder = undefined
        return this.#real.failOver(rules.failover === 'noticed by epoch')
      default:
        // What happens elsewhere changes nothing in Redis.
        return
    }
  }

  async #lease(kind: Kind, actor: number): Promise<void> {
    this.#tokens += 1
    const token = `r${actor}-${this.#tokens}`
    const answer = await this.#real.lease(token)
    this.#onAnswer(answer.kind)
    if (answer.kind !== LEASE_ANSWERS[kind]) {
      throw new Divergence(
        `a lease was answered with ${answer.kind}, where the model has ${LEASE_ANSWERS[kind]}`,
      )
    }
    if (kind !== 'lease') return
    this.#holder = token
    this.#readers.set(actor, { token, ordinal: answer.ordinal, gens: answer.gens })
  }

  async #store(actor: number, before: Uint8Array): Promise<void> {
    const { layout, rules } = this.#protocol
    const at = layout.reader(actor)
    const model = new Draft(layout, rules)
    model.bytes.set(before)
    const expected = store(model, actor)
    const reader = this.#reader(actor)
    const answer = await this.#real.store({
      ...reader,
      source: byte(before, at + SOURCE) === REPLICA ? 'r' : 'p',
      commits: byte(before, at + LSN),
      version: byte(before, at + VERSION),
    })
    this.#onAnswer(answer)
    if (this.#holder === reader.token) this.#holder = undefined
    // An entry of another epoch may be stored until its fences are made anew. Nobody believes it.
    const isForeign = expected === 'gen' && rules.failover !== 'never' && model.isAnyMissing()
    if (answer !== expected && !isForeign) {
      throw new Divergence(`a store was answered with ${answer}, where the model has ${expected}`)
    }
    if (expected === 'stored' && rules.local !== 'none') {
      this.#kept = { gens: reader.gens, version: byte(before, at + VERSION) }
    }
  }

  #settle(actor: number, before: Uint8Array): Promise<void> {
    const at = this.#protocol.layout.resolver(actor)
    const phase = byte(before, at + PHASE)
    const end = phase === SAW_ABORTED ? '' : phase === SAW_NOTHING ? '?' : byte(before, at + LSN)
    return this.#real.finish([byte(before, at + OF_FENCE)], tokenOf(byte(before, at + OF_WRITER)), end)
  }

  #reader(actor: number): RealReader {
    const reader = this.#readers.get(actor)
    if (!reader) throw new Divergence(`reader ${actor} has no lease`)
    return reader
  }

  async #compare(made: { step: Step; before: Uint8Array } | undefined, model: Uint8Array): Promise<void> {
    const earlier = this.#seen
    const seen = await this.#real.look()
    this.#seen = seen
    const differences = [
      ...this.#fenceDifferences(seen, model),
      ...this.#entryDifferences(seen, model),
      ...this.#readerDifferences(seen, model),
      ...(made && earlier ? this.#genDifferences(made, earlier, seen) : []),
    ]
    if (differences.length > 0) throw new Divergence(differences.join('; '))
  }

  #fenceDifferences(seen: Seen, model: Uint8Array): string[] {
    return seen.fences.flatMap((fence, index) => {
      const at = this.#protocol.layout.fence(index)
      const floor = byte(model, at + FLOOR)
      const differences: string[] = []
      const expected = floor === MISSING ? 'missing' : floor === UNKNOWN ? '?' : floor
      const found = fence ? fence.floor : 'missing'
      if (found !== expected)
        differences.push(`floor of fence ${index} is ${found}, in the model ${expected}`)
      const marks = marksOf(byte(model, at + PENDING))
      if (String(seen.foreignMarks[index]) !== String(marks)) {
        differences.push(`fence ${index} is marked by [${seen.foreignMarks[index]}], in the model [${marks}]`)
      }
      return differences
    })
  }

  #entryDifferences(seen: Seen, model: Uint8Array): string[] {
    const version = byte(model, ENTRY) === 1 ? byte(model, ENTRY_VERSION) : undefined
    const found = seen.entry && seen.entry.gens === gensOf(seen) ? seen.entry.version : undefined
    const differences = found === version ? [] : [`the entry that holds is ${found}, in the model ${version}`]
    if (this.#protocol.rules.local === 'none') return differences
    const kept = (byte(model, KEPT) & 1) === 1 ? byte(model, KEPT_VERSION) : undefined
    const foundKept = this.#kept && this.#kept.gens === gensOf(seen) ? this.#kept.version : undefined
    if (foundKept !== kept) differences.push(`what was kept and holds is ${foundKept}, in the model ${kept}`)
    return differences
  }

  #readerDifferences(seen: Seen, model: Uint8Array): string[] {
    const differences: string[] = []
    let holder: string | undefined
    for (let r = 0; r < this.#protocol.layout.shape.readers; r += 1) {
      const at = this.#protocol.layout.reader(r)
      const phase = byte(model, at + PHASE)
      if (phase < LEASED || phase > LOADED) continue
      const reader = this.#reader(r)
      if (byte(model, at + HOLDS) === 1) holder = reader.token
      const isModelAlive = (byte(model, at + GENS) & 1) === 1
      if (isModelAlive !== (reader.gens === gensOf(seen))) {
        differences.push(
          `the gens of reader ${r} ${isModelAlive ? 'do not hold' : 'hold'}, unlike in the model`,
        )
      }
    }
    if (holder !== undefined && seen.lease !== holder)
      differences.push(`the lease is of ${seen.lease}, in the model of ${holder}`)
    if (seen.lease !== this.#holder)
      differences.push(`the lease is of ${seen.lease}, and ought to be of ${this.#holder}`)
    return differences
  }

  /** Exactly those fences have a new gen that the step gives one to. */
  #genDifferences(made: { step: Step; before: Uint8Array }, earlier: Seen, seen: Seen): string[] {
    const changed = changedBy(this.#protocol, made.step, made.before)
    if (changed === undefined) return []
    return seen.fences.flatMap((fence, index) => {
      const isNew = fence?.gen !== earlier.fences[index]?.gen
      if (isNew === changed.has(index)) return []
      return [`fence ${index} ${isNew ? 'has' : 'has no'} new gen`]
    })
  }
}

/** The fences that a step gives a new gen to; nothing where all may change. */
function changedBy(protocol: Protocol, step: Step, before: Uint8Array): ReadonlySet<number> | undefined {
  const { layout, rules, writes } = protocol
  const fences = writes[step.actor] ?? []
  switch (step.kind) {
    case 'begin': {
      const next = byte(before, layout.writer(step.actor) + STEP)
      return new Set(rules.begins === 'atomic' ? fences : fences.slice(next, next + 1))
    }
    case 'finish':
    case 'rollBack': {
      const next = byte(before, layout.writer(step.actor) + STEP)
      return new Set(fences.slice(next, next + 1))
    }
    case 'carry':
    case 'carryAgain':
      return new Set(fences)
    case 'settle':
      return new Set([byte(before, layout.resolver(step.actor) + OF_FENCE)])
    case 'evict':
      return new Set([step.detail])
    case 'lease':
    case 'leasePending':
    case 'leaseWait': {
      const all = Array.from({ length: layout.shape.fences }, (_, fence) => fence)
      return new Set(all.filter((fence) => byte(before, layout.fence(fence) + FLOOR) === MISSING))
    }
    case 'failover':
      return undefined
    default:
      return new Set()
  }
}

/** The gens of all fences; nothing that an entry could have where one is missing. */
function gensOf(seen: Seen): string {
  return seen.fences.every((fence) => fence !== undefined)
    ? seen.fences.map((fence) => fence?.gen).join(',')
    : 'missing'
}

function tokenOf(writer: number): string {
  return `w${writer}`
}

function marksOf(mask: number): string[] {
  return [0, 1, 2, 3].filter((writer) => (mask & (1 << writer)) !== 0).map(tokenOf)
}
