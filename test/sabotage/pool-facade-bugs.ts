import type { NamedTest, PlantedBug } from './planted-bug.ts'

const test =
  (file: string) =>
  (name: string): NamedTest => ({ file: `test/pool-facade/${file}.rig.test.ts`, name })
const inScope = test('scope')
const inTransaction = test('transaction')
const inRelease = test('release')
const inSavepoint = test('savepoint')
const inDrizzle = test('drizzle')
const inSubmitted = test('submitted')
const serves = inDrizzle('serves many tenants at once by one instance')
const commits = inTransaction('costs n + 1 round trips for BEGIN, n statements and COMMIT')

/** Ways to break the pool that ORMs are given. */
export const FACADE_BUGS: readonly PlantedBug[] = [
  {
    name: 'a client works in the scope of any tenant',
    file: 'src/pool-facade/client-session.ts',
    find: '    this.#scoped.require(this.#tenant)\n',
    replace: '',
    detector: inScope('is the one that a client was connected for, with or without a transaction'),
    happyPath: serves,
  },
  {
    name: 'a transaction goes on for any user of its tenant',
    file: 'src/pool-facade/client-session.ts',
    find: "    if ('work' in this.#state) this.#scoped.refuseOtherSettings(this.#state.work.settings)\n",
    replace: '',
    detector: inScope('refuses what another user of the tenant gives to a transaction, until it has ended'),
    happyPath: serves,
  },
  {
    name: 'a cursor may take a lock that outlives its transaction',
    file: 'src/pool-facade/client-session.ts',
    find: '    for (const { text } of statements) refuseText(text)\n',
    replace: '',
    detector: inSubmitted('take no lock that would outlive their transaction on its connection: at once'),
    happyPath: serves,
  },
  {
    name: 'a client goes on after release',
    file: 'src/pool-facade/pooled-client.ts',
    find: '    if (this.#released) return Promise.reject(usedAfterRelease())\n',
    replace: '',
    detector: inDrizzle(
      'sends nothing of a handle that leaked out of its transaction into that of another tenant',
    ),
    happyPath: serves,
  },
  {
    name: 'what waited in a released transaction commits by itself',
    file: 'src/pool-facade/client-session.ts',
    find: '    if (this.#cut) throw released()\n',
    replace: '',
    detector: inRelease(
      'rejects what still runs in a transaction when its client is released, and what waits behind it',
    ),
    happyPath: serves,
  },
  {
    name: 'a client that is released leaves its transaction open',
    file: 'src/pool-facade/client-session.ts',
    find: "    this.#cut = state.kind !== 'idle'\n    this.#state = IDLE\n    if (state.kind === 'open') await state.held.rollback()",
    replace: "    this.#cut = state.kind !== 'idle'\n    this.#state = IDLE",
    detector: inRelease(
      'rolls back what a client is released with, and lends the connection to others at once',
    ),
    happyPath: commits,
  },
  {
    name: 'COMMIT of an aborted part of a transaction resolves',
    file: 'src/pool-facade/held-transaction.ts',
    find: 'if (this.#transaction.failed) this.#end.reject(aborted(this.#transaction.failure))\n    else {',
    replace: '{',
    detector: inTransaction(
      'throws from COMMIT inside the transaction around it too, where an error was swallowed',
    ),
    happyPath: commits,
  },
  {
    name: 'a second COMMIT of a transaction that failed resolves',
    file: 'src/pool-facade/client-session.ts',
    find: "    if (state.kind === 'idle' && this.#uncommitted) throw this.#uncommitted.cause\n",
    replace: '',
    detector: inTransaction(
      'throws from COMMIT of a transaction whose error was swallowed, and keeps throwing until ROLLBACK',
    ),
    happyPath: commits,
  },
  {
    name: 'a statement that was meant for a transaction runs behind its end',
    file: 'src/pool-facade/pooled-client.ts',
    find: '      if (this.#ending > 0 && !command) throw meantForTransaction()\n',
    replace: '',
    detector: inRelease(
      'runs nothing behind the end of a transaction that was issued before that was answered',
    ),
    happyPath: commits,
  },
  {
    name: 'COMMIT of a transaction that its deadline ended resolves',
    file: 'src/pool-facade/client-session.ts',
    find: '      if (lost) throw new TransactionAbortedError(lost.cause)\n',
    replace: '      if (lost) return\n',
    detector: inRelease('ends a transaction at the deadline, and says so until its end is acknowledged'),
    happyPath: commits,
  },
  {
    name: 'ROLLBACK TO ends its savepoint',
    file: 'src/pool-facade/held-savepoints.ts',
    find: '    await this.open(name)\n',
    replace: '',
    detector: inSavepoint('goes on after an error by ROLLBACK TO, and as often as it is asked to'),
    happyPath: commits,
  },
  {
    name: 'BEGIN in a transaction is taken for the first',
    file: 'src/pool-facade/client-session.ts',
    find: "        if (this.#state.kind !== 'idle') throw nested()\n",
    replace: '',
    detector: inTransaction('refuses BEGIN in a transaction, and savepoints outside of one'),
    happyPath: commits,
  },
  {
    name: 'a request that reads may write through the pool',
    file: 'src/pool-facade/scoped-work.ts',
    find: 'chooseInScope(scope.method, asked)',
    replace: 'chooseInScope(undefined, asked)',
    detector: inScope(
      'reads only in the scope of a request that reads, and names the request to whom it refuses',
    ),
    happyPath: serves,
  },
  {
    name: 'a portion of a cursor is everything',
    file: 'src/pool-facade/portal.ts',
    find: '(rows ? this.#fetchRows(rows) : this.#runAll())',
    replace: '(rows ? this.#fetchRows(1_000_000) : this.#runAll())',
    detector: inSubmitted('are told of an error on the way, in portions, and what comes behind is answered'),
    happyPath: inSubmitted('take a callback as pg gives it'),
  },
]
