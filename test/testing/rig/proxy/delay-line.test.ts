import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DelayLine } from '../../../../src/testing/rig/proxy/delay-line.ts'

describe('delay line', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  function line(delay: { ms: number }): { line: DelayLine<string>; left: string[] } {
    const left: string[] = []
    return {
      line: new DelayLine(
        () => delay.ms,
        (item: string) => left.push(item),
      ),
      left,
    }
  }

  it('lets items through at once without a delay', () => {
    const { line: delays, left } = line({ ms: 0 })
    delays.push('a')
    expect(left).toEqual(['a'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('delays items side by side, not one after the other', () => {
    const { line: delays, left } = line({ ms: 20 })
    for (const item of ['a', 'b', 'c']) delays.push(item)
    expect([delays.size, vi.getTimerCount()]).toEqual([3, 1])
    vi.advanceTimersByTime(19)
    expect(left).toEqual([])
    vi.advanceTimersByTime(1)
    expect(left).toEqual(['a', 'b', 'c'])
  })

  it('keeps the order when the delay falls, and lets nothing overtake when it falls to zero', () => {
    const delay = { ms: 50 }
    const { line: delays, left } = line(delay)
    delays.push('slow')
    delay.ms = 5
    delays.push('fast')
    delay.ms = 0
    delays.push('at once')
    vi.advanceTimersByTime(49)
    expect(left).toEqual([])
    vi.advanceTimersByTime(1)
    expect(left).toEqual(['slow', 'fast', 'at once'])
    delays.push('later')
    expect(left).toContain('later')
  })

  it('waits longer when the delay grows', () => {
    const delay = { ms: 5 }
    const { line: delays, left } = line(delay)
    delays.push('a')
    delay.ms = 30
    delays.push('b')
    vi.advanceTimersByTime(29)
    expect(left).toEqual(['a'])
    vi.advanceTimersByTime(1)
    expect(left).toEqual(['a', 'b'])
  })

  it('forgets what is under way when cleared', () => {
    const { line: delays, left } = line({ ms: 5 })
    delays.push('a')
    delays.clear()
    expect([delays.size, vi.getTimerCount()]).toEqual([0, 0])
    vi.advanceTimersByTime(50)
    expect(left).toEqual([])
  })
})
