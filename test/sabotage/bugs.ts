import { ADAPTER_BUGS } from './adapter-bugs.ts'
import { CACHE_BUGS } from './cache-bugs.ts'
import { MULTIPLEXING_BUGS } from './multiplexing-bugs.ts'
import type { NamedTest, PlantedBug } from './planted-bug.ts'
import { FACADE_BUGS } from './pool-facade-bugs.ts'
import { ROUTER_BUGS } from './router-bugs.ts'

const BATCH = 'test/wire/tenant-batch.rig.test.ts'
const TRANSACTION = 'test/transaction/with-tenant.rig.test.ts'
const NAMES = 'test/wire/named-statements.rig.test.ts'
const NAMES_UNIT = 'test/wire/prepared-statements.test.ts'
const ABORT = 'test/wire/abort-batch.rig.test.ts'
const BELOW = 'test/wire/below-the-lexer.rig.test.ts'

const ownRows: NamedTest = { file: BATCH, name: "sees and writes the tenant's rows only" }
const commits: NamedTest = {
  file: TRANSACTION,
  name: 'holds the tenant for every statement, and nothing behind it',
}
const inBatch = (name: string): NamedTest => ({ file: BATCH, name })
const inNames = (name: string): NamedTest => ({ file: NAMES, name })
const inTransaction = (name: string): NamedTest => ({ file: TRANSACTION, name })

/** Every known way to break the library that leaves its happy path working. Parts of it have theirs in files of their own. */
export const BUGS: readonly PlantedBug[] = [
  {
    name: 'the tenant is set for the session instead of the transaction',
    file: 'src/context/context-statement.ts',
    find: ',true)`\n  const readWrite',
    replace: ',false)`\n  const readWrite',
    detector: inBatch('leaves no setting of the tenant behind on the server connection'),
    happyPath: inTransaction('takes no connection for a callback without a query'),
  },
  {
    name: 'a poisoned backend is not noticed',
    file: 'src/context/session-guard.ts',
    find: "].join(' and ')",
    replace: "].concat('true').join(' or ')",
    detector: inBatch('runs nothing on a backend with a poisoned'),
    happyPath: ownRows,
  },
  {
    name: 'a poisoned backend is left behind the pooler',
    file: 'src/wire/poison.ts',
    find: '{ ...terminate, describe: true }]',
    replace: ']',
    detector: inBatch('runs nothing on a backend with a poisoned'),
    happyPath: ownRows,
  },
  {
    name: 'the caller can make up a report of poison',
    file: 'src/wire/poison.ts',
    find: ' || reply.failedAt !== segment.context.index',
    replace: '',
    detector: inBatch('does not believe a poison report that a statement of the caller makes up'),
    happyPath: ownRows,
  },
  {
    name: 'the row of the context statement is not compared',
    file: 'src/wire/reply-reader.ts',
    find: 'cells[index] !== cell',
    replace: 'cells[index] === undefined && cell === undefined',
    detector: inBatch('hands out no row of a reply that belongs to another request'),
    happyPath: ownRows,
  },
  {
    name: 'settings that a call does not give keep what they had',
    file: 'src/context/settings.ts',
    find: "Object.hasOwn(values, name) ? values[name] : ''",
    replace: "values[name] ?? ''",
    detector: { file: 'test/context/settings.test.ts', name: 'are not taken from the prototype' },
    happyPath: {
      file: 'test/context/settings.test.ts',
      name: 'are put in declared order, and are empty where none is given',
    },
  },
  {
    name: 'a batch is settled when its command completes, before a deferred constraint is checked',
    file: 'src/wire/reply-reader.ts',
    find: 'this.#error ??= error',
    replace: 'if (this.#results.length < this.#segment.statements.length) this.#error ??= error',
    detector: inBatch('settles only once a deferred constraint has been checked'),
    happyPath: ownRows,
  },
  {
    name: 'the transaction state behind a batch is not looked at',
    file: 'src/wire/expected-state.ts',
    find: "  name: 'idle',\n  allows: ({ status }) => status === 'I',",
    replace: "  name: 'idle',\n  allows: () => true,",
    detector: { file: BELOW, name: 'a batch that leaves a transaction open ends in an alarm' },
    happyPath: ownRows,
  },
  {
    name: 'CALL runs in the implicit transaction, where PostgreSQL before 18 lets it commit',
    file: 'src/wire/run-tenant-batch.ts',
    find: 'if (!batch.explicit) return',
    replace: 'if (!batch.explicit || batch.explicit) return',
    detector: inBatch('sends CALL in an explicit transaction'),
    happyPath: inBatch('runs a procedure that does not commit, in one round trip'),
  },
  {
    name: 'a write is sent again when its answer was lost',
    file: 'src/wire/run-tenant-batch.ts',
    find: 'const error = readOnly ? outcomeOfRead(failure) : outcomeOfWrite(failure, resolve)\n      if (retries === 0',
    replace: 'const error = outcomeOfRead(failure)\n      if (retries === -2',
    detector: inBatch('reports a write as unknown when its answer is lost, and the row is there'),
    happyPath: ownRows,
  },
  {
    name: 'a call waits for ever in a black hole',
    file: 'src/wire/exchange.ts',
    find: 'setTimeout(expire, deadline.remainingMs(), host, deadline)',
    replace: 'setTimeout(expire, 5_000, host, deadline)',
    detector: inBatch('settles at its deadline in a black hole, and destroys the connection'),
    happyPath: ownRows,
  },
  {
    name: 'the server is not told when to stop',
    file: 'src/wire/deadline.ts',
    find: 'return Math.max(1, Math.floor(left - Math.min(MARGIN_MS, left * MARGIN_SHARE)))',
    replace: 'return 86_400_000 + left',
    detector: inBatch('has the server stop a statement before the deadline, and keeps the connection'),
    happyPath: inTransaction('takes no connection for a callback without a query'),
  },
  {
    name: 'the tag of COMMIT is not looked at',
    file: 'src/transaction/send-commit.ts',
    find: "if (reply.results[0]?.command !== 'COMMIT') throw",
    replace: "if (reply.results[0]?.command === 'NEVER') throw",
    detector: inTransaction('does not report success when an error was swallowed'),
    happyPath: commits,
  },
  {
    name: 'a handle works on after its callback has settled',
    file: 'src/transaction/handle.ts',
    find: 'this.#revoked = true',
    replace: 'this.#revoked = false',
    detector: inTransaction('revokes the handle of an inner call while the outer one goes on'),
    happyPath: commits,
  },
  {
    name: 'a query that still runs is committed along',
    file: 'src/transaction/with-tenant.ts',
    find: 'if (running > 0) throw',
    replace: 'if (running > 99) throw',
    detector: inTransaction('rolls back when a query still runs as the callback settles'),
    happyPath: commits,
  },
  {
    name: 'a transaction of another tenant joins the one around it',
    file: 'src/transaction/refuse-unlike.ts',
    find: 'if (tenant !== outer.context.tenant)',
    replace: 'if (tenant === undefined)',
    detector: inTransaction('refuses a transaction of another tenant inside it'),
    happyPath: inTransaction('joins the transaction of the same tenant around it'),
  },
  {
    name: 'an inner failure that was swallowed is committed along',
    file: 'src/transaction/with-tenant.ts',
    find: 'outer.forbidCommit(error)',
    replace: 'void error',
    detector: inTransaction('cannot be committed once an inner call has failed'),
    happyPath: inTransaction('joins the transaction of the same tenant around it'),
  },
  {
    name: 'a transaction that has ended is still joined',
    file: 'src/transaction/enclosing.ts',
    find: ' && !enclosing.transaction.ended',
    replace: '',
    detector: inTransaction('is not joined any more once it has ended'),
    happyPath: inTransaction('joins the transaction of the same tenant around it'),
  },
  {
    name: 'a lost answer to COMMIT is reported as a lost connection, which may be repeated',
    file: 'src/transaction/transaction.ts',
    find: ': outcomeOfWrite(failure, this.#session.trail.resolver())',
    replace: ': outcomeOfRead(failure)',
    detector: inTransaction('is reported as unknown when the answer to COMMIT is lost'),
    happyPath: commits,
  },
  {
    name: 'a borrowed client keeps pipelining when it goes back',
    file: 'src/wire/leased-connection.ts',
    find: '      this.#restorePipeline()\n',
    replace: '',
    detector: inTransaction('works over a pool of the user, whose clients come back as they were'),
    happyPath: commits,
  },
  {
    name: 'a connection is not returned when a batch fails',
    file: 'src/wire/run-tenant-batch.ts',
    find: '  if (reply.error) throw batch.receipt',
    replace:
      '  if (reply.error) Object.assign(connection, { release() {} })\n' +
      '  if (reply.error) throw batch.receipt',
    detector: inBatch('gives its connection back however it ends'),
    happyPath: ownRows,
  },
  {
    name: 'a name whose Parse the server skipped is parsed again without being closed',
    file: 'src/wire/prepared-statements.ts',
    find: 'if (this.#prepared.delete(name)) this.#doubtful.add(name)',
    replace: 'this.#prepared.delete(name)',
    detector: inNames('hold while an error skips the Parse of the next'),
    happyPath: inNames('do not make a connection carry more than their limit'),
  },
  {
    name: 'a name counts as prepared before its ParseComplete has come',
    file: 'src/wire/prepared-statements.ts',
    find: 'this.#prepared.set(name, state ?? false)',
    replace: 'this.#prepared.set(name, true)',
    detector: { file: NAMES_UNIT, name: 'are parsed once, and counted only when ParseComplete has come' },
    happyPath: { file: NAMES_UNIT, name: 'leave the statements of the library unnamed' },
  },
  {
    name: 'statements are prepared by name behind a pooler that does not keep names apart',
    file: 'src/wire/find-session.ts',
    find: "const holds = prepare === true || (prepare === 'auto' && (isDirect || isRenamed))",
    replace: 'const holds = true',
    detector: inNames('leave nothing behind for the next client of a backend that cannot keep them apart'),
    happyPath: ownRows,
  },
  {
    name: 'a stale plan ends the call instead of being planned anew',
    file: 'src/wire/preparation-failure.ts',
    find: "error.code === '0A000' && error.routine === 'RevalidateCachedQuery'",
    replace: "error.code === '0A000' && error.routine === 'never'",
    detector: inNames('survive a change of the columns under them, in one call each, writes once'),
    happyPath: inNames('do not make a connection carry more than their limit'),
  },
  {
    name: 'an aborted read gives its connection back while its cancel request is on its way',
    file: 'src/wire/until-aborted.ts',
    find: '      await cancelling',
    replace: '      void cancelling',
    detector: { file: ABORT, name: 'never cancels what the next caller runs on the connection' },
    happyPath: { file: ABORT, name: 'lets a write that was sent settle by itself' },
  },
  ...ADAPTER_BUGS,
  ...ROUTER_BUGS,
  ...CACHE_BUGS,
  ...MULTIPLEXING_BUGS,
  ...FACADE_BUGS,
]
