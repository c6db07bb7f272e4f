import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { preferZone } from '../../../src/router/balance/prefer-zone.ts'
import { anyCandidates, candidate } from './support/candidates.ts'

const ids = (zone: string | undefined, list: Parameters<typeof preferZone>[0], spillLoad?: number) =>
  preferZone(list, zone, spillLoad).map(({ id }) => id)

describe('the preference for the own zone', () => {
  const near = candidate('near', 1, 0, 'a')
  const far = candidate('far', 1, 0, 'b')

  it('keeps the candidates of the own zone', () => {
    expect(ids('a', [near, far, candidate('nowhere')])).toEqual(['near'])
  })

  it('keeps all where the own zone has none, or is not known', () => {
    expect(ids('c', [near, far])).toEqual(['near', 'far'])
    expect(ids(undefined, [near, far, candidate('nowhere')])).toEqual(['near', 'far', 'nowhere'])
  })

  it('leaves the zone when all of its replicas are saturated, and not before', () => {
    const full = candidate('full', 1, 8, 'a')
    expect(ids('a', [full, far])).toEqual(['full', 'far'])
    expect(ids('a', [full, near, far])).toEqual(['near'])
    expect(ids('a', [candidate('almost', 1, 7, 'a'), far])).toEqual(['almost'])
    expect(ids('a', [full, far], Number.POSITIVE_INFINITY)).toEqual(['full'])
  })

  it('does not have a warming replica that is alone in its zone serve everything', () => {
    expect(ids('a', [candidate('cold', 0.1, 1, 'a'), far])).toEqual(['cold', 'far'])
  })

  it('never leaves nobody', () => {
    const property = fc.property(anyCandidates, fc.constantFrom('a', 'b', 'c', undefined), (list, zone) => {
      expect(preferZone(list, zone).length > 0).toBe(list.length > 0)
    })
    fc.assert(property)
  })
})
