import { describe, expect, it } from 'vitest'
import { Deadline } from '../../src/wire/deadline.ts'

describe('a deadline', () => {
  it('tells the server to give up a little earlier than the client', () => {
    const deadline = new Deadline(10_000)
    expect(deadline.statementTimeoutMs()).toBeGreaterThan(9_600)
    expect(deadline.statementTimeoutMs()).toBeLessThan(9_800)
    expect(new Deadline(100).statementTimeoutMs()).toBeLessThanOrEqual(90)
  })

  it('never asks for a statement_timeout of 0, which would switch it off', () => {
    expect(new Deadline(1).statementTimeoutMs()).toBe(1)
    expect(new Deadline(-5).statementTimeoutMs()).toBe(1)
    expect(new Deadline(-5).remainingMs()).toBe(0)
  })
})
