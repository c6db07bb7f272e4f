import type { Cut, Direction } from '../../src/testing/rig/proxy/index.ts'
import type { Random } from '../support/random.ts'

/** A message as it passed, undisturbed. */
export interface PassedMessage {
  readonly direction: Direction
  readonly type: string
  /** Bytes. */
  readonly length: number
}

/** What a call looks like on the wire, on a new connection or on one that has seen such a call before. */
export interface Recording<Shape> {
  readonly shape: Shape
  readonly warm: boolean
  readonly messages: readonly PassedMessage[]
}

/** One cut that is to be made. */
export interface PlannedCut<Shape> {
  readonly shape: Shape
  readonly warm: boolean
  readonly cut: Cut
  /** In words, such as `warm batch, before client 4 B, reset`. */
  readonly place: string
  /**
   * Whether nothing that commits can have been sent by then: the call must be reported not committed, and not unknown.
   */
  readonly isBeforeCommit: boolean
}

type Way = Pick<Cut, 'when' | 'how'> & { readonly torn: boolean }

const WAYS: readonly Way[] = [
  { when: 'before', how: 'reset', torn: false },
  { when: 'after', how: 'reset', torn: false },
  { when: 'after', how: 'reset', torn: true },
  { when: 'before', how: 'close', torn: false },
  { when: 'after', how: 'close', torn: false },
  { when: 'after', how: 'close', torn: true },
]

/** What ends a segment: the client's Sync, the server's ReadyForQuery. */
const ENDS: Readonly<Record<Direction, string>> = { client: 'S', server: 'Z' }

interface Position<Shape> {
  readonly recording: Recording<Shape>
  readonly message: PassedMessage
  /** Among the messages of its direction and type. */
  readonly index: number
  /** Segments of its direction that ended before it, and all there are. */
  readonly segment: number
  readonly segments: number
}

/**
 * Every message of every recording, in both directions, before and after it and torn, by reset and in good order: the
 * first pass takes each message once, in one way, and so on until there are enough.
 */
export function planCuts<Shape extends { readonly name: string }>(
  recordings: readonly Recording<Shape>[],
  count: number,
  random: Random,
): { readonly cuts: readonly PlannedCut<Shape>[]; readonly positions: number } {
  const positions = shuffle(recordings.flatMap(positionsOf), random)
  const firstWay = positions.map(() => random.below(WAYS.length))
  const cuts = Array.from({ length: count }, (_, number) => {
    const at = number % positions.length
    const pass = Math.floor(number / positions.length)
    const position = positions[at]
    const way = WAYS[((firstWay[at] ?? 0) + pass) % WAYS.length]
    if (!position || !way) throw new RangeError('There is no message to cut at.')
    return cutAt(position, way)
  })
  return { cuts, positions: positions.length }
}

function positionsOf<Shape>(recording: Recording<Shape>): Position<Shape>[] {
  return (['client', 'server'] as const).flatMap((direction) => {
    const messages = recording.messages.filter((message) => message.direction === direction)
    const segments = messages.filter(({ type }) => type === ENDS[direction]).length
    const seen = new Map<string, number>()
    const positions = messages.map((message) => {
      const index = seen.get(message.type) ?? 0
      seen.set(message.type, index + 1)
      const segment = direction === 'client' ? (seen.get('S') ?? 0) : (seen.get('Z') ?? 0)
      return {
        recording,
        message,
        index,
        segment: message.type === ENDS[direction] ? segment - 1 : segment,
        segments,
      }
    })
    return positions.filter((position) => recording.warm || !isOfVaryingNumber(position))
  })
}

/**
 * On a new connection the library asks which names are prepared, and gets as many rows as there are. So which DataRow is
 * which is certain for the first three only, one for each question; those behind them are cut on warm connections.
 */
function isOfVaryingNumber<Shape>({ message, index }: Position<Shape>): boolean {
  return message.direction === 'server' && message.type === 'D' && index > 2
}

function cutAt<Shape extends { readonly name: string }>(
  { recording, message, index, segment, segments }: Position<Shape>,
  { when, how = 'reset', torn }: Way,
): PlannedCut<Shape> {
  const { shape, warm } = recording
  const { direction, type, length } = message
  const bytes = Math.floor(length / 2)
  // Once the client has the end of a segment, it may send the next one before it hears of the cut.
  const letsNextOut = direction === 'server' && type === ENDS.server && when === 'after' && !torn
  return {
    shape,
    warm,
    cut: {
      direction,
      type,
      message: index,
      when,
      how,
      since: warm ? 'armed' : 'startup',
      ...(torn ? { bytes } : {}),
    },
    place: `${warm ? 'warm' : 'cold'} ${shape.name}, ${torn ? 'inside' : when} ${direction} ${type} ${index}, ${how}`,
    isBeforeCommit: segment + (letsNextOut ? 1 : 0) < segments - 1,
  }
}

function shuffle<T>(list: readonly T[], random: Random): T[] {
  const shuffled = [...list]
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = random.below(last + 1)
    const held = shuffled[last] as T
    shuffled[last] = shuffled[other] as T
    shuffled[other] = held
  }
  return shuffled
}
