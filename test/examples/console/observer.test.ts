import { describe, expect, it } from 'vitest'
import { createObserver } from '../../../examples/console/collect/observer.ts'
import { readingOf } from '../../../examples/console/collect/reading.ts'
import { describeSeries } from '../../../examples/console/view/describe-series.ts'
import { milliseconds } from '../../../examples/console/view/format.ts'
import { observation } from './observation-builder.ts'

describe('the observer', () => {
  it('asks the sources once, however many look at the same moment', async () => {
    let asked = 0
    const observer = createObserver(async () => {
      asked += 1
      return observation()
    })
    const looks = await Promise.all([observer.look(), observer.look(), observer.look()])
    observer.stop()
    expect(asked).toBe(1)
    expect(looks.map(({ history }) => history.length)).toEqual([1, 1, 1])
    expect(looks[0]?.earlier).toBeUndefined()
  })
})

describe('a reading that failed', () => {
  it('says the code, and never the message, which can hold anything', async () => {
    const error = Object.assign(new Error('password for "mira" is hunter2'), { code: 'ECONNREFUSED' })
    const reading = await readingOf(() => Promise.reject(error))
    expect(reading).toMatchObject({ ok: false, reason: 'The server does not answer (ECONNREFUSED)' })
  })
})

describe('the text alternative of a chart', () => {
  it('says how each line stands and between what it moved', () => {
    const series = [
      { name: 'r1', values: [2, null, 4_100, 12], show: milliseconds },
      { name: 'r2', values: [null], show: milliseconds },
    ]
    expect(describeSeries('Replica lag', series).replaceAll('\u00a0', ' ')).toBe(
      'Replica lag. r1: now 12 ms, between 2.0 ms and 4.1 s. r2: nothing yet.',
    )
  })
})
