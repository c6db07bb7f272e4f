import { describe, expect, it } from 'vitest'
import { FigureCounter } from '../../../examples/platform/load/figures.ts'

describe('figures of a load', () => {
  it('tell errors of reads from those of writes, and from what was refused', () => {
    const counter = new FigureCounter()
    for (const status of [200, 200, 500, 0]) counter.count({ operation: 'list', kind: 'read', status, ms: 1 })
    for (const status of [201, 503, 404]) counter.count({ operation: 'new', kind: 'write', status, ms: 1 })
    expect(counter.figures()).toMatchObject({
      requests: 7,
      reads: 4,
      writes: 3,
      errors: 3,
      readErrors: 2,
      writeErrors: 1,
      refused: 1,
      byStatus: { 0: 1, 200: 2, 201: 1, 404: 1, 500: 1, 503: 1 },
    })
  })

  it('say how long most, almost all and the slowest took', () => {
    const counter = new FigureCounter()
    for (let ms = 1; ms <= 100; ms += 1) counter.count({ operation: 'list', kind: 'read', status: 200, ms })
    expect(counter.figures()).toMatchObject({ p50Ms: 51, p99Ms: 100, maxMs: 100 })
  })

  it('count what could not be sent and what its author did not find', () => {
    const counter = new FigureCounter()
    counter.countNotSent()
    counter.countStaleRead()
    expect(counter.figures()).toMatchObject({ requests: 0, notSent: 1, staleReads: 1 })
  })
})
