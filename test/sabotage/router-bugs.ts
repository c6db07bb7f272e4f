import type { NamedTest, PlantedBug } from './planted-bug.ts'

const ROUTING = 'test/router/routing.rig.test.ts'
const SESSION = 'test/router/session.rig.test.ts'
const LAG = 'test/router/faults/lag.rig.test.ts'
const TOKENS = 'test/router/faults/tokens.rig.test.ts'
const IDENTITY = 'test/router/faults/identity.rig.test.ts'
const SLOW = 'test/router/faults/slow.rig.test.ts'
const VERIFY = 'test/router/token/verify.test.ts'
const DEMAND = 'test/router/token/demand.test.ts'
const BULKHEAD = 'test/router/bulkhead.rig.test.ts'

const inSession = (name: string): NamedTest => ({ file: SESSION, name })
const inDemands = (name: string): NamedTest => ({ file: DEMAND, name })

const inTurn: NamedTest = {
  file: ROUTING,
  name: 'is a replica for what reads in the scope of a GET, in turn',
}
const readsBack: NamedTest = {
  file: ROUTING,
  name: 'is the primary for what writes, and a replica that has it for what reads it back',
}

/** Ways to break the router. */
export const ROUTER_BUGS: readonly PlantedBug[] = [
  {
    name: 'reads wait for a replica that has been ejected',
    file: 'src/router/replica.ts',
    find: "if (state === 'ejected' && this.#health.ejectedFor === 'errors') {",
    replace: 'if (false) {',
    detector: {
      file: SLOW,
      name: 'at all holds up nobody for longer than it takes to find out, and those are served elsewhere',
    },
    happyPath: inTurn,
  },
  {
    name: 'a write is asked for its position before it has been sent',
    file: 'src/wire/run-tenant-batch.ts',
    find:
      '  const answer = connection.exchange(segment, deadline)\n' +
      '  const position = batch.context.readOnly ? undefined : askAfterCommit(batch, connection, deadline)\n',
    replace:
      '  const position = batch.context.readOnly ? undefined : askAfterCommit(batch, connection, deadline)\n' +
      '  const answer = connection.exchange(segment, deadline)\n',
    detector: inSession('reads what it wrote by a statement, from a server that has it'),
    happyPath: readsBack,
  },
  {
    name: 'a transaction is asked for its position before COMMIT',
    file: 'src/transaction/send-commit.ts',
    find: '    const reply = await connection.exchange({ statements, leaves: IDLE }, deadline)\n',
    replace:
      '    const early = { ...IDLE, allows: () => true }\n' +
      '    const asked = asksPosition && (await connection.exchange({ statements: [POSITION], leaves: early }, deadline))\n' +
      '    const sent = await connection.exchange({ statements: [commit], leaves: IDLE }, deadline)\n' +
      '    const { error, failedAt, unreplicated: alone } = sent\n' +
      '    const results = [...sent.results, ...(asked ? asked.results : [])]\n' +
      '    const reply = { error, failedAt, unreplicated: alone, results }\n',
    detector: inSession(
      'reads what it wrote by a transaction, of which replicas have all but the commit, from a server that has it',
    ),
    happyPath: inSession('reads what it wrote by a statement, from a server that has it'),
  },
  {
    name: 'what was seen on a replica is not demanded of the next one',
    file: 'src/router/reader.ts',
    find: '    this.#rise({ systemId: at.systemId, timeline, lsn })\n',
    replace: '    void lsn\n    void timeline\n',
    detector: inSession(
      'never reads what is older than what it read before, though another replica has no more than that',
    ),
    happyPath: inSession('reads what it wrote by a statement, from a server that has it'),
  },
  {
    name: 'a token that no server will ever satisfy is waited for',
    file: 'src/router/token/demand.ts',
    find: 'position.lsn > primary.lsn && couldKnow',
    replace: 'position.lsn > primary.lsn && !couldKnow && couldKnow',
    detector: inDemands(
      'is the primary where its position cannot be compared with, or was not reached by, the primary',
    ),
    happyPath: inDemands('is its position, up to where the primary is'),
  },
  {
    name: 'a replica serves a reader what is older than it must see',
    file: 'src/router/routed-read.ts',
    find: 'replayed < demand.position.lsn',
    replace: 'replayed < 0n',
    detector: { file: LAG, name: 'is left out, and comes back warming' },
    happyPath: inTurn,
  },
  {
    name: 'a token asks for the header of a page that nobody has written',
    file: 'src/router/reader.ts',
    find: 'normaliseLsn(parseLsn(at.lsn), segmentBytes, blockBytes)',
    replace: '[parseLsn(at.lsn), normaliseLsn(0n, segmentBytes, blockBytes)][0] ?? 0n',
    detector: {
      file: TOKENS,
      name: 'of where a new page of the log begins is satisfied at once, by replicas that cannot get there',
    },
    happyPath: { file: TOKENS, name: 'is given behind COMMIT, and not before' },
  },
  {
    name: 'a replica that was promoted goes on serving reads',
    file: 'src/router/routed-read.ts',
    find: 'if (!inRecovery) throw new PromotedSignal()',
    replace: 'if (inRecovery === undefined) throw new PromotedSignal()',
    detector: {
      file: IDENTITY,
      name: 'is out of the read set by the next read that meets it, which is served elsewhere',
    },
    happyPath: inTurn,
  },
  {
    name: 'a token is good for everybody',
    file: 'src/router/token/verify.ts',
    find: "return refuse('subject')",
    replace: 'void 0',
    detector: { file: VERIFY, name: 'is refused to another tenant and to another subject' },
    happyPath: {
      file: VERIFY,
      name: 'shows neither tenant nor subject, nor that two tokens have the same ones',
    },
  },
  {
    name: 'a read on the primary may write',
    file: 'src/context/context-statement.ts',
    find: 'context.readOnly ? reading : writing',
    replace: 'context.readOnly && reports.length > 0 ? reading : writing',
    detector: {
      file: ROUTING,
      name: 'is refused to what writes in a GET, alike with one database and with replicas, and says where',
    },
    happyPath: inTurn,
  },
  {
    name: 'one tenant uses up the share of the primary that reads of all may take',
    file: 'src/router/shed/bulkhead.ts',
    find: '!isBusy || !this.#present.has(tenant) || this.#share.spend()',
    replace: '!isBusy || this.#share.spend()',
    detector: { file: BULKHEAD, name: 'one tenant cannot take the bulkhead from the others' },
    happyPath: { file: BULKHEAD, name: 'reads of ten times the bulkhead leave writes as quick as they are' },
  },
]
