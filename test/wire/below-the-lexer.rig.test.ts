import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createContextStatements, type TenantContext } from '../../src/context/context-statement.ts'
import { CommitUnknownError, ProtocolDesyncError, TransactionStateError } from '../../src/index.ts'
import { PoolGate } from '../../src/pool/gate.ts'
import { Deadline } from '../../src/wire/deadline.ts'
import { IDLE } from '../../src/wire/expected-state.ts'
import { outcomeOfWrite } from '../../src/wire/failure.ts'
import { LeasedConnection } from '../../src/wire/leased-connection.ts'
import { runTenantBatch } from '../../src/wire/run-tenant-batch.ts'
import { callerStatement, ownStatement } from '../../src/wire/statement.ts'
import { StatementNames } from '../../src/wire/statement-names.ts'
import type { TenantSource } from '../../src/wire/tenant-source.ts'
import { channelMessages } from '../support/channel-messages.ts'
import { TENANT_A } from '../support/notes.ts'
import { openTarget, TARGETS, type Target } from '../support/target.ts'

/**
 * What would happen if the lexer let a text through that it must refuse: these go in below it, and must be stopped by
 * what the server answers.
 */
describe.each(TARGETS)('below the lexer, %s', (name) => {
  let target: Target
  let source: TenantSource
  const context: TenantContext = { tenant: TENANT_A, settings: [], readOnly: false }

  beforeAll(async () => {
    target = await openTarget(name, { poolSize: 2 })
    const pool = target.pool({ max: 2 })
    source = {
      pool,
      admission: new PoolGate(pool),
      context: createContextStatements('app.tenant_id', []),
      defaultSettings: [],
      acquireTimeoutMs: 2_000,
      prepare: 'auto',
      statementNames: new StatementNames(),
    }
  })

  afterAll(() => target.close())

  const run = (...texts: string[]) =>
    runTenantBatch(
      source,
      { context, statements: texts.map((text) => callerStatement(text)), explicit: false },
      new Deadline(5_000),
    )
  const idle = () => expect.poll(() => target.idleInTransaction(), { timeout: 5_000 }).toBe(0)

  it.each([['/* x */ begin'], ['begin', 'select 1/0']])(
    'a batch that leaves a transaction open ends in an alarm and a destroyed connection: %s',
    async (...texts) => {
      const alarms = channelMessages('leasehold:alarm')
      await expect(run(...texts)).rejects.toThrow(TransactionStateError)
      expect(alarms.take()).toMatchObject([{ alarm: 'transaction-state' }])
      await idle()
      expect(await run('select 1 as one')).toMatchObject([{ rows: [{ one: 1 }] }])
    },
  )

  it('a batch that was sent behind such a one on the same connection is reported as unknown', async () => {
    const deadline = new Deadline(5_000)
    const connection = await LeasedConnection.open(source, TENANT_A, deadline)
    const exchange = (text: string) =>
      connection.exchange({ statements: [ownStatement(text)], leaves: IDLE }, deadline)
    const outcomes = await Promise.allSettled([
      exchange('begin').catch(outcomeOfWrite),
      exchange(`insert into shared_log values ('behind a hidden begin')`).catch(outcomeOfWrite),
    ])
    expect(outcomes).toMatchObject([
      { value: expect.any(TransactionStateError) },
      { value: expect.any(CommitUnknownError) },
    ])
    connection.release()
    await idle()
    expect((await target.admin.query('select from shared_log')).rows).toEqual([])
  })

  it.each(['copy notes to stdout', 'copy shared_log from stdin'])(
    'a text that switches to COPY destroys the connection: %s',
    async (text) => {
      await expect(run(text)).rejects.toThrow(ProtocolDesyncError)
      expect(await run('select 1 as one')).toMatchObject([{ rows: [{ one: 1 }] }])
    },
  )
})
