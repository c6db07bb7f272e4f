import { describe, expect, it } from 'vitest'
import { ConnectionLostError } from '../../../src/errors/connection.ts'
import { classifyReadError, type ReadErrorClass } from '../../../src/router/retry/read-error.ts'
import { poolerError } from './support/driver-errors.ts'

const cached = (text: string) => `server login has been failing, cached error: ${text} (server_login_retry)`

describe('an error of pgbouncer, nearly all of which have the same SQLSTATE', () => {
  it.each<[ReadErrorClass, string]>([
    ['busy', 'query_wait_timeout'],
    ['busy', 'query_timeout'],
    ['busy', 'no more connections allowed (max_client_conn)'],
    ['busy', 'client connections exceeded (max_db_client_connections)'],
    ['busy', 'client connections exceeded (max_user_client_connections)'],
    ['busy', 'bouncer resources exhaustion'],
    ['unreachable', 'server login has been failing, try again later (server_login_retry)'],
    ['unreachable', cached('connect failed')],
    ['unreachable', cached('server DNS lookup failed')],
    ['unreachable', cached('the database system is starting up')],
    ['unreachable', 'client_login_timeout (server down)'],
    ['unreachable', 'server shutting down'],
    ['unreachable', 'pooler is shutting down'],
    ['unreachable', 'database "clinic" is disabled'],
    ['lost', 'server conn crashed?'],
    ['lost', 'admin forced disconnect'],
    ['final', 'query timeout'],
    ['final', 'idle transaction timeout'],
    ['final', 'password authentication failed'],
    ['final', 'SASL authentication failed'],
    ['final', 'no such user'],
    ['final', 'no such database: nope'],
    ['final', 'unsupported startup parameter: options'],
    ['final', 'prepared statement did not exist'],
  ])('is %s: %s', (expected, message) => {
    expect(classifyReadError(poolerError(message))).toBe(expected)
  })

  it.each<[ReadErrorClass, string]>([
    ['busy', 'sorry, too many clients already'],
    ['busy', 'remaining connection slots are reserved for roles with the SUPERUSER attribute'],
    ['busy', 'too many connections for role "app"'],
    ['unreachable', 'the database system is shutting down'],
    ['unreachable', 'the database system is not yet accepting connections'],
    ['final', 'database "nope" does not exist'],
  ])('is %s when 1.18 hands on a refused login without its SQLSTATE: %s', (expected, message) => {
    expect(classifyReadError(poolerError(message))).toBe(expected)
  })

  it('is busy, and no reason to eject, when the login that keeps failing fails for want of a slot', () => {
    expect(classifyReadError(poolerError(cached('sorry, too many clients already')))).toBe('busy')
  })

  it.each<[ReadErrorClass, string]>([
    ['busy', '53300'],
    ['unreachable', '57P03'],
    ['final', '3D000'],
  ])('is %s when 1.24 hands on a refused login with its SQLSTATE %s', (expected, code) => {
    expect(classifyReadError(poolerError('any text', code))).toBe(expected)
  })

  it.each<[ReadErrorClass, string]>([
    ['lost', 'server conn crashed?'],
    ['lost', 'any text of a later version'],
    ['busy', 'query_wait_timeout'],
    ['final', 'query timeout'],
  ])('is %s as the reason of a lost connection: %s', (expected, message) => {
    expect(classifyReadError(new ConnectionLostError(poolerError(message)))).toBe(expected)
  })
})
