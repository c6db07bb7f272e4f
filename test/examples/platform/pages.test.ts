import { describe, expect, it } from 'vitest'
import { OPERATIONS, OVERVIEW, type Visitor } from '../../../examples/platform/load/operations.ts'
import { orPage } from '../../../examples/platform/load/pages.ts'

const read = OPERATIONS.find(({ kind }) => kind === 'read') ?? OVERVIEW
const write = OPERATIONS.find(({ kind }) => kind === 'write') ?? OVERVIEW
const visitor: Visitor = {
  ...{ slug: 'sonnenhof', owner: { tenantId: 't' }, accessToken: 'x', consistencyToken: undefined },
  ...{ patients: ['p1'], appointments: [] },
}
const points = Array.from({ length: 100 }, (_, index) => index / 100)

describe('pages in the load', () => {
  it('take the place of reads, three of ten, and never of a write', () => {
    const drawn = points.map((point) => orPage(read, false, () => point))
    expect(drawn.filter((operation) => operation !== read)).toHaveLength(30)
    expect(drawn.every(({ kind }) => kind === 'read')).toBe(true)
    expect(points.every((point) => orPage(write, false, () => point) === write)).toBe(true)
  })

  it('are the clinic’s for staff, and the portal’s for a patient', () => {
    const hosts = (isPatient: boolean) =>
      new Set(
        points.map((point) => orPage(read, isPatient, () => point / 4).call(visitor, () => point)?.host),
      )
    expect(hosts(false)).toEqual(new Set(['sonnenhof.clinic.platform.localhost']))
    expect(hosts(true)).toEqual(new Set(['portal.platform.localhost']))
  })
})
