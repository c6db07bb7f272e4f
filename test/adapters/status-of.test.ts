import { describe, expect, it } from 'vitest'
import { statusOf } from '../../src/adapters/status-of.ts'
import {
  AcquireTimeoutError,
  ClosedError,
  ConnectError,
  ConnectionLostError,
  DeadlineError,
  ReadRefusedError,
  TenantInvalidError,
  TenantRequiredError,
} from '../../src/errors/index.ts'

const NOBODY = { total: 1, idle: 0, waiting: 0 }

describe('the status of an error', () => {
  it.each([
    [new AcquireTimeoutError(10, NOBODY, undefined), 503],
    [new ClosedError('closed'), 503],
    [new ConnectError(new Error('refused')), 503],
    [new ConnectionLostError(new Error('reset')), 503],
    [new DeadlineError(10, 'a statement'), 504],
    [new TenantRequiredError('none'), 401],
    [new TenantInvalidError('bad'), 400],
  ])('goes by what it is: %s', (error, status) => {
    expect(statusOf(error)?.status).toBe(status)
  })

  it('goes by its code where a bundler has made a second copy of its class', () => {
    const copy = Object.assign(new Error('lost'), { code: new ConnectionLostError(undefined).code })
    expect(statusOf(copy)).toEqual({ status: 503, retryAfter: 1 })
  })

  it('says when to come back where the error does', () => {
    expect(statusOf(new ReadRefusedError('busy', 2_500))).toEqual({ status: 503, retryAfter: 3 })
  })

  it('is none for what is no error of this library', () => {
    for (const error of [
      new Error('own'),
      Object.assign(new Error('pg'), { code: '23505' }),
      'text',
      undefined,
    ]) {
      expect(statusOf(error)).toBeUndefined()
    }
  })
})
