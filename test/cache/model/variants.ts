import type { Invariant } from './invariants.ts'
import type { Shape } from './layout.ts'
import type { Setting } from './protocol.ts'
import { FULL, type Rules } from './rules.ts'

/** A protocol, what it is looked at with, and what must not happen. */
export interface Variant {
  readonly name: string
  readonly rules: Rules
  readonly setting: Setting
  readonly invariants: readonly Invariant[]
  /** For long runs only: takes more than a few seconds. */
  readonly isLarge?: boolean
}

const shape = (writers: number, readers: number, fences = 1, resolvers = 1): Shape => ({
  writers,
  readers,
  fences,
  resolvers,
})
const ONE = { shape: shape(1, 1) }
const NAIVE = { ...FULL, before: 'nothing', after: 'delete', gens: false, floors: false } as const

const reduced = (name: string, rules: Partial<Rules>, setting: Setting = ONE): Variant => ({
  name,
  rules: { ...FULL, ...rules },
  setting,
  invariants: ['not stuck'],
})

/** Protocols that lack something, each of which leaves an overwritten value behind until its time to live is over. */
export const REDUCED: readonly Variant[] = [
  reduced('DEL after COMMIT', { ...NAIVE, crashes: false }),
  reduced('DEL before COMMIT', { ...NAIVE, before: 'delete', after: 'nothing', crashes: false }),
  reduced('DEL before and after COMMIT', { ...NAIVE, before: 'delete', crashes: false }),
  reduced('lease token only', { ...NAIVE, after: 'gen', gens: true, crashes: false }),
  reduced('LSN floor only', { ...NAIVE, after: 'floor', floors: true, crashes: false }),
  reduced('lease and LSN, after COMMIT only', { before: 'nothing' }),
  reduced('marks and lease, no LSN', { after: 'gen', floors: false }),
  reduced('marks and LSN, no lease', { gens: false }),
  reduced('LSN read after the snapshot', { lsn: 'after the snapshot' }),
  reduced('marks that simply expire', { marks: 'expire' }),
  reduced('floor lost when a fence is evicted', { lostFloor: 'zero', evicts: 'unmarked fences' }),
  reduced('Redis fails over, unnoticed', { failover: 'unnoticed' }),
  reduced('Redis fails over, epoch but no journal', { failover: 'noticed by epoch' }),
  reduced('Redis forgets marks, no journal', { evicts: 'any fence' }),
]

/** Mistakes that an implementation of the full protocol can make. */
export const MISTAKES: readonly Variant[] = [
  reduced('a transaction in progress is taken for rolled back', { inProgress: 'aborted' }),
  reduced('the position is asked for before the outcome', { position: 'before the outcome' }),
  reduced('a finish sets the floor instead of raising it', { floor: 'latest' }, { shape: shape(2, 1) }),
]

const answers = (name: string, rules: Partial<Rules>, setting: Setting = ONE): Variant => ({
  name,
  rules: { ...FULL, joins: 'same open fences', routed: true, ...rules },
  setting,
  invariants: ['answers'],
})

/** Rules of sharing under which a call is answered with what was overwritten, and the write acknowledged, before the call. */
export const WRONG_ANSWERS: readonly Variant[] = [
  answers('joins any load that runs', { joins: 'anybody' }),
  answers('joins a load under the same fences while they are marked', { joins: 'same fences' }),
  answers('joins a load that found no fence, as itself did', {
    joins: 'same open or missing fences',
    evicts: 'unmarked fences',
  }),
  answers('reads a replica while a fence is marked', { whileMarked: 'replica' }),
  answers('reads a replica that is behind the floor', { routed: false }),
  {
    ...answers('keeps values without asking the fences', { joins: 'nobody', local: 'kept' }),
    invariants: ['kept'],
  },
]

const sound = (name: string, rules: Partial<Rules>, setting: Setting, ...more: Invariant[]): Variant => ({
  name,
  rules: { ...FULL, ...rules },
  setting: { isReduced: true, ...setting },
  invariants: ['fresh', 'acknowledged', ...more],
})

/** The full protocol in all worlds it is made for. */
export const SOUND: readonly Variant[] = [
  sound('1 writer, 1 reader', {}, ONE),
  sound('2 writers, 1 reader', {}, { shape: shape(2, 1) }),
  sound('2 writers, 2 readers', {}, { shape: shape(2, 2) }),
  sound('fences are evicted', { evicts: 'unmarked fences', start: 'missing' }, { shape: shape(2, 1) }),
  sound('two settlers', { start: 'missing' }, { shape: shape(1, 2, 1, 2) }),
  sound('two fences, marked in turn', { begins: 'in turn' }, { shape: shape(1, 1, 2, 1) }),
  sound(
    'two writers of one and of two fences',
    { begins: 'in turn' },
    { shape: shape(2, 1, 2, 1), writes: [[0], [0, 1]] },
  ),
  sound(
    'two fences, evicted',
    { begins: 'in turn', evicts: 'unmarked fences' },
    { shape: shape(1, 1, 2, 2) },
  ),
  sound(
    'values are kept and revalidated',
    { local: 'revalidated', evicts: 'unmarked fences' },
    { shape: shape(1, 2) },
    'kept',
  ),
  {
    ...sound(
      'calls share loads, 2 writers',
      { joins: 'same open fences', routed: true },
      { shape: shape(2, 1) },
      'answers',
    ),
    isLarge: true,
  },
  sound(
    'calls share loads, and fences are evicted',
    { joins: 'same open fences', routed: true, evicts: 'unmarked fences' },
    { shape: shape(1, 1) },
    'answers',
  ),
  sound(
    'the primary tells its position before the snapshot',
    { primaryLsn: 'before the snapshot', evicts: 'unmarked fences', start: 'missing' },
    { shape: shape(2, 1) },
  ),
  { ...sound('2 writers, 3 readers', {}, { shape: shape(2, 3) }), isLarge: true },
  sound(
    'calls of two processes share loads',
    { joins: 'same open fences', routed: true },
    { shape: shape(1, 2) },
    'answers',
  ),
]

/** What remains of it when Redis loses writes: with a journal, nothing stays. */
export const JOURNALLED: readonly Variant[] = [
  {
    name: 'Redis fails over, epoch and journal',
    rules: { ...FULL, failover: 'noticed by epoch', journal: true },
    setting: { shape: shape(1, 1), isReduced: true },
    invariants: ['not stuck'],
  },
  {
    name: 'Redis fails over, epoch and journal, 2 writers and no settler',
    rules: { ...FULL, failover: 'noticed by epoch', journal: true },
    setting: { shape: shape(2, 1, 1, 0), isReduced: true },
    isLarge: true,
    invariants: ['not stuck'],
  },
  {
    name: 'Redis forgets marks, journal',
    rules: { ...FULL, evicts: 'any fence', journal: true },
    setting: { shape: shape(1, 1), isReduced: true },
    invariants: ['not stuck'],
  },
  {
    name: 'Redis forgets marks, journal, 2 writers',
    rules: { ...FULL, evicts: 'any fence', journal: true },
    setting: { shape: shape(2, 1), isReduced: true },
    isLarge: true,
    invariants: ['not stuck'],
  },
]
