import { describe, expect, it } from 'vitest'
import type { Attempt } from '../../../src/rls/probe/session/attempt.ts'
import { judgeChange, judgeNewRow } from '../../../src/rls/probe/write/verdict.ts'

const wrote = (rowCount: number): Attempt => ({ done: true, rows: [], rowCount })
const refused = (code: string, routine?: string, nested = false): Attempt => ({
  done: false,
  code,
  routine,
  nested,
})

describe('a row that the policies must refuse', () => {
  it.each([
    ['is written', wrote(1)],
    ['passes the policies and then violates NOT NULL', refused('23502', 'ReportNotNullViolationError')],
    ['collides with a key', refused('23505', '_bt_check_unique')],
    ['violates a foreign key', refused('23503', 'ri_ReportViolation')],
    ['violates a CHECK', refused('23514', 'ExecConstraints')],
  ])('got through where it %s', (_, attempt) => {
    expect(judgeNewRow(attempt)).toBe('reached')
  })

  it.each([
    ['a policy', refused('42501', 'ExecWithCheckOptions')],
    ['a privilege', refused('42501', 'aclcheck_error')],
    ['the CHECK OPTION of a view', refused('44000', 'ExecWithCheckOptions')],
  ])('is kept out by %s', (_, attempt) => {
    expect(judgeNewRow(attempt)).toBe('kept out')
  })

  it.each([
    ['a trigger does nothing', wrote(0)],
    ['a trigger refuses it', refused('42501', 'exec_stmt_raise', true)],
    ['a trigger writes elsewhere and violates a key', refused('23505', '_bt_check_unique', true)],
    ['there is no partition for it', refused('23514', 'ExecFindPartition')],
    ['a domain takes no such value', refused('23514', 'ExecEvalConstraintCheck')],
    ['a lock is not to be had', refused('55P03', 'ProcSleep')],
  ])('proves nothing where %s', (_, attempt) => {
    expect(judgeNewRow(attempt)).toMatchObject({ unclear: expect.any(String) })
  })
})

describe('a row of another tenant', () => {
  it('is reached where the tripwire is stepped on, a row was changed, or a constraint protects it', () => {
    for (const attempt of [refused('22012', 'int4div'), wrote(1), refused('23503', 'ri_ReportViolation')]) {
      expect(judgeChange(attempt)).toBe('reached')
    }
  })

  it('is out of reach where none is found, or a policy refuses', () => {
    for (const attempt of [wrote(0), refused('42501', 'ExecWithCheckOptions')]) {
      expect(judgeChange(attempt)).toBe('kept out')
    }
  })

  it('is neither where a function fails, be it by dividing by zero', () => {
    expect(judgeChange(refused('22012', 'int4div', true))).toEqual({ unclear: '22012' })
    expect(judgeChange(refused('42501', 'exec_stmt_raise', true))).toEqual({ unclear: '42501' })
    expect(judgeChange(refused('57014', 'ProcessInterrupts'))).toEqual({ unclear: '57014' })
  })
})
