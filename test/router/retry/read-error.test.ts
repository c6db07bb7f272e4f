import { describe, expect, it } from 'vitest'
import {
  AcquireTimeoutError,
  ConnectError,
  ConnectionLostError,
  DeadlineError,
  QueueFullError,
} from '../../../src/errors/connection.ts'
import { ExchangeFailure } from '../../../src/errors/exchange-failure.ts'
import { ClosedError } from '../../../src/errors/outcome.ts'
import { ProtocolDesyncError } from '../../../src/errors/protocol.ts'
import { classifyReadError, type ReadErrorClass } from '../../../src/router/retry/read-error.ts'
import { outcomeOfRead } from '../../../src/wire/failure.ts'
import { networkError, serverError } from './support/driver-errors.ts'

const COUNTS = { total: 10, idle: 0, waiting: 0 }
const QUEUE = { waiting: 5, tenants: 2, waitingOfTenant: 1, ahead: 0 }

describe('an error of PostgreSQL', () => {
  it.each<[ReadErrorClass, string, string]>([
    ['unreachable', '57P03', 'the database system is starting up'],
    ['busy', '53300', 'sorry, too many clients already'],
    ['lost', '57P01', 'terminating connection due to administrator command'],
    ['lost', '57P02', 'terminating connection because of crash of another server process'],
    ['conflict', '40001', 'canceling statement due to conflict with recovery'],
    ['conflict', '40P01', 'canceling statement due to conflict with recovery'],
    ['wrong-target', '25006', 'cannot execute INSERT in a read-only transaction'],
    ['final', '57014', 'canceling statement due to statement timeout'],
    ['final', '28P01', 'password authentication failed for user "app"'],
    ['final', '28000', 'role "app" is not permitted to log in'],
    ['final', '3D000', 'database "nope" does not exist'],
    ['final', '42P01', 'relation "x" does not exist'],
    ['final', '23505', 'duplicate key value violates unique constraint'],
  ])('is %s for %s', (expected, code, message) => {
    expect(classifyReadError(serverError(code, message))).toBe(expected)
  })

  it.each([
    ['cannot use serializable mode in a hot standby', 'call_enum_check_hook'],
    ['cannot set transaction read-write mode during recovery', 'call_bool_check_hook'],
    ['cannot use serializable mode in a hot standby', 'GetSerializableTransactionSnapshot'],
    ['cannot use serializable mode in a hot standby', undefined],
    ['Serialisierbarer Modus kann nicht verwendet werden', 'call_enum_check_hook'],
  ])('is wrong-target for a feature that a standby lacks: %s', (message, routine) => {
    const error = Object.assign(serverError('0A000', message), { routine })
    expect(classifyReadError(error)).toBe('wrong-target')
  })

  it('is final for a feature that no server has', () => {
    expect(classifyReadError(serverError('0A000', 'cached plan must not change result type'))).toBe('final')
  })

  it('is final for a broken message, whatever a function of the user writes into it', () => {
    const raised = serverError('08P01', 'query_wait_timeout', 'exec_stmt_raise')
    expect(classifyReadError(raised)).toBe('final')
    expect(classifyReadError(serverError('08P01', 'insufficient data left in message'))).toBe('final')
  })
})

describe('an error of leasehold', () => {
  const refused = networkError('ECONNREFUSED', 'connect')

  it.each<[ReadErrorClass, string, Error]>([
    ['busy', 'no connection in time', new AcquireTimeoutError(100, COUNTS, QUEUE)],
    ['busy', 'a full queue', new QueueFullError('pool', 5, QUEUE)],
    [
      'busy',
      'a shared pool of which all are out',
      new ConnectError(new Error('timeout exceeded when trying to connect')),
    ],
    ['unreachable', 'a refused connection', new ConnectError(refused)],
    ['unreachable', 'a name that is not known', new ConnectError(networkError('ENOTFOUND', 'getaddrinfo'))],
    ['unreachable', 'a connection that takes too long', new ConnectError(new Error('timeout expired'))],
    ['lost', 'a connection that was reset', new ConnectionLostError(networkError('ECONNRESET', 'read'))],
    ['lost', 'a connection that was closed', new ConnectionLostError(new Error('closed by the other side'))],
    ['lost', 'a server that shuts down', new ConnectionLostError(serverError('57P01'))],
    ['lost', 'an end that says nothing of why', new ConnectionLostError(serverError('XX000'))],
    ['conflict', 'a session that replay ended', new ConnectionLostError(serverError('40001'))],
    ['final', 'a transaction that was idle for too long', new ConnectionLostError(serverError('25P03'))],
    ['final', 'a pool that was closed', new ConnectionLostError(new ClosedError('closed'))],
    ['final', 'a deadline that has passed', new DeadlineError(100, 'a statement')],
    ['final', 'a reply that was not ours', new ProtocolDesyncError('another nonce')],
  ])('is %s for %s', (expected, _, error) => {
    expect(classifyReadError(error)).toBe(expected)
  })

  it.each<[ReadErrorClass, unknown]>([
    ['lost', networkError('EPIPE', 'write')],
    ['lost', serverError('57P01')],
    ['conflict', serverError('40001')],
    ['final', new DeadlineError(100, 'a statement')],
    ['final', new ProtocolDesyncError('another nonce')],
  ])('is the same, %s, before and after the engine has made its own error of it', (expected, cause) => {
    const failure = new ExchangeFailure(cause, true)
    expect(classifyReadError(failure)).toBe(expected)
    expect(classifyReadError(outcomeOfRead(failure))).toBe(expected)
  })
})

describe('a raw error of pg or Node, as a probe meets it', () => {
  it.each<[ReadErrorClass, Error]>([
    ['unreachable', networkError('ECONNREFUSED', 'connect')],
    ['unreachable', networkError('ETIMEDOUT', 'connect')],
    ['unreachable', networkError('EAI_AGAIN', 'getaddrinfo')],
    ['unreachable', new Error('timeout expired')],
    ['unreachable', new Error('Connection terminated due to connection timeout')],
    ['lost', networkError('ETIMEDOUT', 'read')],
    ['lost', networkError('ECONNRESET', 'read')],
    ['lost', new Error('Connection terminated unexpectedly')],
    ['lost', new Error('Client has encountered a connection error and is not queryable')],
    ['busy', new Error('timeout exceeded when trying to connect')],
    ['final', new Error('any other')],
  ])('is %s: %s', (expected, error) => {
    expect(classifyReadError(error)).toBe(expected)
  })

  it('is final when it is no error at all', () => {
    for (const thrown of [undefined, null, 'text', 5, {}]) expect(classifyReadError(thrown)).toBe('final')
  })
})
