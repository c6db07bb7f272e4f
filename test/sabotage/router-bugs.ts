import type { NamedTest, PlantedBug } from './planted-bug.ts'

const inRouting = (name: string): NamedTest => ({ file: 'test/router/routing.rig.test.ts', name })
const inSession = (name: string): NamedTest => ({ file: 'test/router/session.rig.test.ts', name })
const inTokens = (name: string): NamedTest => ({ file: 'test/router/token/verify.test.ts', name })
const inDemands = (name: string): NamedTest => ({ file: 'test/router/token/demand.test.ts', name })

const inTurn = inRouting('is a replica for what reads in the scope of a GET, in turn')
const readsBack = inRouting(
  'is the primary for what writes, and a replica that has it for what reads it back',
)

/** Ways to break the router. */
export const ROUTER_BUGS: readonly PlantedBug[] = [
  {
    name: 'what a read must see is not compared with what the replica has replayed',
    file: 'src/router/routed-read.ts',
    find: "demand.kind === 'position' && replayed < demand.position.lsn",
    replace: "demand.kind === 'position' && replayed < 0n",
    detector: inSession('reads what it wrote by a statement, from a server that has it'),
    happyPath: inTurn,
  },
  {
    name: 'a write is asked for its position before it has been sent',
    file: 'src/wire/tenant-batch.ts',
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
    name: 'the header of a page that nobody has written yet is left in a position',
    file: 'src/router/reader.ts',
    find: 'lsn: normaliseLsn(parseLsn(at.lsn), segmentBytes, blockBytes)',
    replace: 'lsn: parseLsn(at.lsn)',
    detector: {
      file: 'test/router/faults/tokens.rig.test.ts',
      name: 'of where a new page of the log begins is satisfied at once, by replicas that cannot get there',
    },
    happyPath: inTurn,
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
    name: 'a read is read only on replicas, and on the primary not',
    file: 'src/scope/choose-in-scope.ts',
    find: "return { route: 'replica', ...options, readOnly: true }",
    replace: "return { ...options, route: 'primary' }",
    detector: inRouting(
      'is refused to what writes in a GET, alike with one database and with replicas, and says where',
    ),
    happyPath: readsBack,
  },
  {
    name: 'a replica that was promoted is read from',
    file: 'src/router/routed-read.ts',
    find: '    if (!inRecovery) throw new PromotedSignal()\n',
    replace: '    void inRecovery\n',
    detector: {
      file: 'test/router/faults/identity.rig.test.ts',
      name: 'is out of the read set by the next read that meets it, which is served elsewhere',
    },
    happyPath: inTurn,
  },
  {
    name: 'a token is good for whoever brings it',
    file: 'src/router/token/verify.ts',
    find: "  if (!timingSafeEqual(owner, bytes.subarray(BODY_BYTES, signed))) return refuse('subject')\n",
    replace: '  void owner\n',
    detector: inTokens('is refused to another tenant and to another subject'),
    happyPath: inTokens('is read as it was issued'),
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
]
