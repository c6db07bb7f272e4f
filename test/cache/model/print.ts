import {
  byte,
  ENTRY,
  ENTRY_VERSION,
  FLOOR,
  LOADED,
  LSN,
  MISSING,
  PENDING,
  PHASE,
  PRIMARY,
  SOURCE,
  STEP,
  UNKNOWN,
  VERSION,
  VISIBLE,
} from './layout.ts'
import type { Protocol } from './protocol.ts'
import { isLsnFirst } from './rules.ts'
import type { Path } from './state-set.ts'
import type { Kind, Step } from './step.ts'

/** A path as lines that can be read: who does what, and what Redis has then. */
export function printPath(protocol: Protocol, path: Path): string {
  return path.steps
    .map((step, index) => {
      const before = path.states[index] ?? protocol.initial
      const after = path.states[index + 1] ?? protocol.initial
      const line = `${String(index + 1).padStart(3)}. ${tell(protocol, step, before, after)}`
      return `${line.padEnd(74)} | ${printRedis(protocol, after)}`
    })
    .join('\n')
}

/** The fences, the entry, and what the primary shows. */
export function printRedis(protocol: Protocol, state: Uint8Array): string {
  const fences = Array.from({ length: protocol.layout.shape.fences }, (_, fence) => {
    const at = protocol.layout.fence(fence)
    const floor = byte(state, at + FLOOR)
    if (floor === MISSING) return 'no fence'
    const marks = writersIn(byte(state, at + PENDING))
    return `floor ${floor === UNKNOWN ? '?' : floor}${marks === 'nothing' ? '' : ` marked by ${marks}`}`
  })
  const entry = byte(state, ENTRY) === 1 ? `entry sees ${writersIn(byte(state, ENTRY_VERSION))}` : 'no entry'
  return `${fences.join(', ')}; ${entry}; primary shows ${writersIn(byte(state, VISIBLE))}`
}

function writersIn(mask: number): string {
  const writers = [0, 1, 2, 3, 4, 5, 6, 7].filter((writer) => (mask & (1 << writer)) !== 0)
  return writers.length === 0 ? 'nothing' : writers.map((writer) => `W${writer + 1}`).join('+')
}

function tell(protocol: Protocol, step: Step, before: Uint8Array, after: Uint8Array): string {
  const name = `${actorOf(step.kind)}${ACTORLESS.has(step.kind) ? '' : step.actor + 1}`
  return `${name} ${WORDS[step.kind]({ protocol, step, before, after })}`
}

interface Told {
  readonly protocol: Protocol
  readonly step: Step
  readonly before: Uint8Array
  readonly after: Uint8Array
}

const reader = ({ protocol, step, after }: Told, offset: number) =>
  byte(after, protocol.layout.reader(step.actor) + offset)
const server = (told: Told) => (reader(told, SOURCE) === PRIMARY ? 'the primary' : 'the replica')
const nextFence = ({ protocol, step, before }: Told) =>
  byte(before, protocol.layout.writer(step.actor) + STEP) + 1

const WORDS: Record<Kind, (told: Told) => string> = {
  begin: ({ protocol }) => (protocol.rules.before === 'mark' ? 'marks its fences' : 'deletes the entry'),
  walInsert: () => 'commits: its record is in the WAL',
  visible: () => 'is visible on the primary',
  acknowledge: () => 'is told that it committed, and where the WAL ends',
  finish: (told) => `does what follows COMMIT, for its fence ${nextFence(told)}`,
  rollBack: (told) => `takes its mark from its fence ${nextFence(told)}, rolled back`,
  abort: () => 'rolls back',
  crash: () => 'dies; what its transaction has begun goes on without it',
  abortOrphan: () => 'has its transaction rolled back by the server',
  carry: () => 'has its note in the journal carried over',
  carryAgain: () => 'has its note carried over, and it stays',
  replay: () => 'replays one commit',
  lease: () => 'misses, and gets the lease',
  leasePending: () => 'finds a mark, and loads without storing',
  leaseWait: () => 'misses, and waits for who has the lease',
  leaseHit: () => 'finds the entry',
  lsnPrimary: (told) => `asks the primary: ${half(told)}`,
  lsnReplica: (told) => `asks the replica: ${half(told)}`,
  snapshot: (told) =>
    knowsVersion(told)
      ? `reads where ${server(told)} is: ${reader(told, LSN)}`
      : `reads on ${server(told)}, and sees ${writersIn(reader(told, VERSION))}`,
  store: (told) => (byte(told.after, ENTRY) === 1 ? 'stores' : 'may not store'),
  fail: () => 'fails, and gives the lease back',
  vanish: () => 'dies with the lease',
  join: () => 'is joined by a call that begins now',
  answer: () => 'gives what it has read to whoever asked',
  claim: ({ step }) => `claims the mark of W${(step.detail & 15) + 1} on fence ${(step.detail >> 4) + 1}`,
  ask: ({ protocol, step, after }) =>
    byte(after, protocol.layout.resolver(step.actor) + PHASE) === 4
      ? 'takes it for rolled back'
      : 'sees that it committed',
  askUnknown: () => 'learns only that it has ended',
  position: () => 'asks for the end of the WAL',
  settle: () => 'opens the fence',
  stop: () => 'dies',
  expireMark: ({ step }) => `the mark of W${step.actor + 1} expires`,
  expireLease: () => 'the lease expires',
  dropEntry: () => 'the entry expires',
  keep: () => 'keeps the value in a process',
  evict: ({ step }) => `forgets fence ${step.detail + 1}`,
  sync: () => 'replicates',
  failover: () => 'fails over to its replica',
}

/** Whether a load of its own has its snapshot before its LSN. */
function knowsVersion(told: Told): boolean {
  return reader(told, PHASE) <= LOADED && !isLsnFirst(told.protocol.rules, reader(told, SOURCE) === PRIMARY)
}

function half(told: Told): string {
  if (!knowsVersion(told)) return `is at ${reader(told, LSN)}`
  return `sees ${writersIn(reader(told, VERSION))}`
}

const READERS: ReadonlySet<Kind> = new Set<Kind>([
  'lease',
  'leasePending',
  'leaseWait',
  'leaseHit',
  'lsnPrimary',
  'lsnReplica',
  'snapshot',
  'store',
  'fail',
  'vanish',
  'join',
  'answer',
])
const SETTLERS: ReadonlySet<Kind> = new Set<Kind>([
  'claim',
  'ask',
  'askUnknown',
  'position',
  'settle',
  'stop',
])
const ACTORLESS: ReadonlySet<Kind> = new Set<Kind>([
  'replay',
  'expireMark',
  'expireLease',
  'dropEntry',
  'keep',
  'evict',
  'sync',
  'failover',
])

function actorOf(kind: Kind): string {
  if (kind === 'replay') return 'replica'
  if (kind === 'keep') return 'process'
  if (ACTORLESS.has(kind)) return 'Redis:'
  if (READERS.has(kind)) return 'R'
  return SETTLERS.has(kind) ? 'S' : 'W'
}
