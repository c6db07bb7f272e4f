import type { NamedTest, PlantedBug } from './planted-bug.ts'

const READ = 'test/cache/read-through.rig.test.ts'
const RACES = 'test/cache/races.rig.test.ts'
const FLIGHTS = 'test/cache/read/flights.test.ts'

const inRaces = (name: string): NamedTest => ({ file: RACES, name })
const loadsOnce: NamedTest = { file: READ, name: 'loads a value once, and gives it to every process' }
const forgets: NamedTest = {
  file: READ,
  name: 'forgets by a tag, when the transaction commits and not before',
}

/** Ways to break the cache. */
export const CACHE_BUGS: readonly PlantedBug[] = [
  {
    name: 'a hit is not held to the generations of its fences',
    file: 'src/cache/fences/judge.ts',
    find: "    if (gen === undefined || !begins(fence, gen, BAR)) return 'overwritten'\n",
    replace: '    void gen\n    void BAR\n',
    detector: forgets,
    happyPath: loadsOnce,
  },
  {
    name: 'fences are marked after the commit',
    file: 'src/cache/invalidation/invalidation.ts',
    find: '      await fences.begin(keys, { token: this.#token, pendingMs, evidence })\n',
    replace: '      void fences.begin\n      void pendingMs\n',
    detector: inRaces('between the mark and the commit nothing is served or stored'),
    happyPath: forgets,
  },
  {
    name: 'the mark of an open transaction is settled as if it had committed',
    file: 'src/cache/invalidation/settler.ts',
    find: "      if (outcome === 'in progress') continue\n",
    replace: '',
    detector: inRaces('a mark of a transaction that is still open stays, however long it takes'),
    happyPath: forgets,
  },
  {
    name: 'users of a tenant share values although policies tell them apart',
    file: 'src/cache/definition/definition-keys.ts',
    find: "        rules.vary === 'tenant'\n",
    replace: '        rules.vary\n',
    detector: {
      file: READ,
      name: 'shares no value between two users where a policy reads who they are',
    },
    happyPath: loadsOnce,
  },
  {
    name: 'who asks after a write joins the question that was sent before it',
    file: 'src/cache/read/trailing-flight.ts',
    find: '    this.#running.set(key, settled)\n',
    replace:
      '    this.#running.set(key, settled)\n    this.#queued.set(key, flight)\n    settled.then(() => this.#queued.delete(key))\n',
    detector: {
      file: FLIGHTS,
      name: 'never gives what had begun before it was asked: those who ask meanwhile share the next one',
    },
    happyPath: loadsOnce,
  },
  {
    name: 'a load that began before the write is joined after it',
    file: 'src/cache/read/read-through.ts',
    find: '[request.keys.value, reading.epoch, stampOf(reading)]',
    replace: '[request.keys.value, stampOf.name]',
    detector: inRaces('who asks after a second write does not join a load that began between the two'),
    happyPath: loadsOnce,
  },
]
