import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { Random } from '../../../support/random.ts'
import { checkOf } from '../invariants.ts'
import { printPath } from '../print.ts'
import { Protocol } from '../protocol.ts'
import { FULL } from '../rules.ts'
import { search } from '../search.ts'
import type { Path } from '../state-set.ts'
import { MISTAKES, REDUCED, WRONG_ANSWERS } from '../variants.ts'
import { BROKEN_SCRIPTS, breakScript } from './broken-scripts.ts'
import { coveringPaths, follow, randomPath } from './paths.ts'
import { RealFences } from './real-fences.ts'
import { Divergence, Replayer } from './replayer.ts'
import { SCRIPTS } from './scripts.ts'

const SEED = Number(process.env.LEASEHOLD_TEST_SEED ?? 20_261_123)
const WALKS = process.env.LEASEHOLD_TEST_SIZE === 'full' ? 10_000 : 500
const STEPS = 60
/** Ways that go on at the same time, each with keys of its own: one at a time would mostly wait. */
const LANES = 8

const ONE = { writers: 1, readers: 1, fences: 1, resolvers: 1 }
/** The worlds that the scripts are to hold in. Random ways are taken in each of them. */
const WORLDS: readonly { readonly name: string; readonly protocol: Protocol }[] = [
  { name: 'one of each', protocol: new Protocol(FULL, { shape: ONE }) },
  {
    name: '2 writers, 2 readers',
    protocol: new Protocol(FULL, { shape: { ...ONE, writers: 2, readers: 2 } }),
  },
  {
    name: 'fences of two tags, marked in turn and evicted',
    protocol: new Protocol(
      { ...FULL, begins: 'in turn', evicts: 'any fence', start: 'missing', local: 'revalidated' },
      { shape: { writers: 3, readers: 2, fences: 2, resolvers: 2 }, writes: [[0, 1], [0], [1, 0]] },
    ),
  },
  {
    name: 'fences of two tags, marked at once',
    protocol: new Protocol(FULL, {
      shape: { writers: 2, readers: 2, fences: 2, resolvers: 1 },
      writes: [[0, 1], [1]],
    }),
  },
  {
    name: 'Redis fails over, noticed',
    protocol: new Protocol(
      { ...FULL, failover: 'noticed by epoch', journal: true, evicts: 'unmarked fences' },
      { shape: { writers: 2, readers: 2, fences: 1, resolvers: 1 } },
    ),
  },
  {
    name: 'Redis fails over, unnoticed',
    protocol: new Protocol({ ...FULL, failover: 'unnoticed' }, { shape: { ...ONE, readers: 2 } }),
  },
]

/** What the scripts answer on ways that are long enough. A store never finds a mark: its gen has changed then. */
const ANSWERS = ['gen', 'hit', 'load', 'lsn', 'pending', 'stored', 'wait']
const walks = new Map<Protocol, readonly Path[]>()

function walksOf(protocol: Protocol): readonly Path[] {
  const random = new Random(SEED)
  const known =
    walks.get(protocol) ?? Array.from({ length: WALKS }, () => randomPath(protocol, random, STEPS))
  walks.set(protocol, known)
  return known
}

describe('the scripts in a real Redis', () => {
  let redis: Redis

  beforeAll(async () => {
    const server = inject('rig').redis
    if (!server) throw new Error('The rig has no Redis.')
    redis = new Redis({ ...server, lazyConnect: true })
    await redis.connect()
  })
  afterAll(() => redis.disconnect())

  /** Replays ways, and tells what the first that ends otherwise than in the model looks like. */
  const replay = async (protocol: Protocol, paths: readonly Path[], scripts = SCRIPTS) => {
    let steps = 0
    let diverged: string | undefined
    const answers = new Map<string, number>()
    const waiting = paths.values()
    const lane = async (name: number) => {
      const real = new RealFences(redis, `${process.pid}-${name}`, protocol.layout.shape.fences, scripts)
      const replayer = new Replayer(protocol, real, (answer) =>
        answers.set(answer, (answers.get(answer) ?? 0) + 1),
      )
      for (const path of waiting) {
        if (diverged !== undefined) break
        await replayer.start()
        for (const [index, step] of path.steps.entries()) {
          try {
            await replayer.step(step, stateAt(path, index), stateAt(path, index + 1))
          } catch (error) {
            if (!(error instanceof Divergence)) throw error
            const upTo = { steps: path.steps.slice(0, index + 1), states: path.states }
            diverged ??= `${printPath(protocol, upTo)}\n${error.message}`
            break
          }
          steps += 1
        }
      }
      await real.remove()
    }
    await Promise.all(Array.from({ length: LANES }, (_, name) => lane(name)))
    return { steps, diverged, answers }
  }

  it('do what the model does, in every step from every state of one writer and one reader', async () => {
    const protocol = new Protocol(FULL, { shape: ONE })
    const paths = coveringPaths(protocol, 120)
    const { steps, diverged } = await replay(protocol, paths)
    console.log(`${paths.length} ways, ${steps} steps`)
    expect(diverged).toBeUndefined()
    expect(steps).toBeGreaterThan(4_000)
  }, 60_000)

  it.each(WORLDS)(
    'do what the model does, on random ways: $name',
    async ({ protocol }) => {
      const { steps, diverged, answers } = await replay(protocol, walksOf(protocol))
      console.log(`${WALKS} ways, ${steps} steps; answers ${JSON.stringify(Object.fromEntries(answers))}`)
      expect(diverged, `seed ${SEED}`).toBeUndefined()
      expect(steps).toBeGreaterThan(WALKS * STEPS * 0.5)
      const ofMany = protocol.layout.shape.readers > 1 ? ['newer'] : []
      expect([...answers.keys()].sort()).toEqual([...ANSWERS, ...ofMany].sort())
    },
    300_000,
  )

  it.each(BROKEN_SCRIPTS)(
    'would be found out if $name',
    async (broken) => {
      const scripts = breakScript(broken)
      let diverged: string | undefined
      for (const { protocol } of WORLDS.toReversed()) {
        diverged = (await replay(protocol, walksOf(protocol), scripts)).diverged
        if (diverged !== undefined) break
      }
      expect(diverged).toBeDefined()
    },
    60_000,
  )

  it.each([...REDUCED, ...MISTAKES, ...WRONG_ANSWERS])(
    'withstand what breaks another protocol: $name',
    async (variant) => {
      const other = new Protocol(variant.rules, variant.setting)
      const { broken } = search(other, checkOf(other, variant.invariants))
      const { evicts } = variant.rules
      const rules = {
        ...FULL,
        evicts,
        failover: variant.rules.failover === 'never' ? 'never' : 'noticed by epoch',
      } as const
      const journalled = rules.evicts === 'any fence' || rules.failover !== 'never'
      const protocol = new Protocol({ ...rules, journal: journalled }, variant.setting)
      const path = follow(protocol, broken?.path.steps ?? [])
      expect(path.steps.length).toBeGreaterThan(3)
      expect((await replay(protocol, [path])).diverged).toBeUndefined()
      const isWrong = checkOf(protocol, [journalled ? 'not stuck' : 'fresh'])
      expect(path.states.map(isWrong).filter((invariant) => invariant !== undefined)).toEqual([])
    },
  )
})

function stateAt(path: Path, index: number): Uint8Array {
  const state = path.states[index]
  if (!state) throw new RangeError(`no state ${index}`)
  return state
}
