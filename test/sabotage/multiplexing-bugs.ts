import type { NamedTest, PlantedBug } from './planted-bug.ts'

const FILE = 'test/wire/multiplexing/multiplexing.rig.test.ts'

const inSharing = (name: string): NamedTest => ({ file: FILE, name })
const serves = inSharing('serve hundreds of callers by two connections, each with its own rows')

/** Ways to break the sharing of connections. */
export const MULTIPLEXING_BUGS: readonly PlantedBug[] = [
  {
    name: 'an aborted read has whatever the server is at cancelled',
    file: 'src/wire/multiplexing/shared-connection.ts',
    find: "    this.#lane.abandon(this, new Error('The batch was cancelled.'))\n",
    replace:
      "    this.#lane.abandon(this, new Error('The batch was cancelled.'))\n    await this.#lane.connection.cancelRunning()\n",
    detector: inSharing('that are aborted never stop the one that runs before them'),
    happyPath: serves,
  },
  {
    name: 'reads stay behind one that takes long',
    file: 'src/wire/multiplexing/multiplexer.ts',
    find: '    this.#lanes.moveOthers(lane)\n',
    replace: '',
    detector: inSharing('leave one that takes long alone, and go on elsewhere'),
    happyPath: serves,
  },
  {
    name: 'what is known to be quick waits until what nobody knows is done',
    file: 'src/wire/multiplexing/lanes.ts',
    find: '      if (each.head?.work.newcomer) this.moveOthers(each)\n',
    replace: '',
    detector: inSharing('that are known to be quick do not wait to learn how long an unknown one takes'),
    happyPath: serves,
  },
  {
    name: 'writes behind one that takes long are sent again as well',
    file: 'src/wire/multiplexing/lane.ts',
    find: 'batch.work.isRead && batch !== this.head',
    replace: 'batch !== this.head',
    detector: inSharing('that write are never sent again, though one before them takes long'),
    happyPath: serves,
  },
  {
    name: 'what takes long may have every connection',
    file: 'src/wire/multiplexing/multiplexer.ts',
    find: 'Math.max(1, Math.floor(connections / 4)) : 0',
    replace: '0 : 0',
    detector: inSharing('always have a connection left, whatever takes long at once'),
    happyPath: serves,
  },
  {
    name: 'shared connections are never given to a transaction that waits',
    file: 'src/wire/multiplexing/lanes.ts',
    find: 'const isWanted = this.#options.source.admission.waiting > 0',
    replace: 'const isWanted = this.#options.source.admission.waiting > 1_000',
    detector: inSharing('let transactions have their turn'),
    happyPath: serves,
  },
  {
    name: 'a procedure shares its connection',
    file: 'src/wire/open-connection.ts',
    find: 'multiplexer?.takes(work) && !explicit',
    replace: 'multiplexer?.takes(work) && explicit !== undefined',
    detector: inSharing('are only reads, unless writes are to share as well'),
    happyPath: serves,
  },
]
