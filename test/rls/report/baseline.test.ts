import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../../src/errors/config.ts'
import { compareWithBaseline, parseBaseline, toBaseline } from '../../../src/rls/report/baseline.ts'
import { findingOn, HOSTILE_NAMES } from './hostile-findings.ts'

const a = findingOn('a')
const b = findingOn('b')
const secondOfA = { ...a, message: 'The policy "other" of a is open.' }

describe('a baseline', () => {
  it('tells what is new, what is known and what is gone', () => {
    const baseline = parseBaseline(toBaseline([a, secondOfA]), 'known.json')
    expect(compareWithBaseline([a, b], baseline)).toEqual({
      fresh: [b],
      known: [a],
      gone: [{ rule: a.rule, object: a.object, message: secondOfA.message }],
    })
  })

  it('does not hide a second defect of the same kind on the same table', () => {
    expect(compareWithBaseline([a, secondOfA], [a]).fresh).toEqual([secondOfA])
  })

  it('knows a finding again whose severity or advice has changed', () => {
    const reworded = { ...a, severity: 'warning' as const, fix: 'Do something else.' }
    expect(compareWithBaseline([reworded], [a]).known).toEqual([reworded])
  })

  it('is written in the same order, however they were found', () => {
    expect(toBaseline([secondOfA, b, a])).toBe(toBaseline([a, b, secondOfA]))
  })

  it('keeps any name', () => {
    const findings = HOSTILE_NAMES.map((name) => findingOn(name))
    const baseline = parseBaseline(toBaseline(findings), 'known.json')
    expect(compareWithBaseline(findings, baseline)).toEqual({ fresh: [], known: findings, gone: [] })
  })

  it.each([
    '',
    'null',
    '[]',
    '{}',
    '{"findings":{}}',
    '{"findings":[null]}',
    '{"findings":[{"rule":"x","object":"y"}]}',
  ])('is refused where it is none: %s', (text) => {
    expect(() => parseBaseline(text, 'known.json')).toThrow(ConfigError)
    expect(() => parseBaseline(text, 'known.json')).toThrow('known.json is not a baseline')
  })
})
