import { describe, expect, it } from 'vitest'
import { createBalancer } from '../../../src/router/balance/create-balancer.ts'
import { relativeWeights, weightOf } from '../../../src/router/health/weight.ts'
import { candidate, countPicks } from '../balance/support/candidates.ts'
import { Patient } from './support/signals.ts'

describe('the weight of a replica', () => {
  it('grows evenly from a tenth to one over half a minute', () => {
    const patient = new Patient()
    const health = patient.probe()
    const weights = [0, 15_000, 30_000, 90_000].map((ms) => weightOf(health, patient.nowMs + ms))
    expect(weights.map((weight) => Number(weight.toFixed(6)))).toEqual([0.1, 0.55, 1, 1])
  })

  it('is one when it is healthy', () => {
    const patient = Patient.healthy()
    expect(weightOf(patient.health, patient.nowMs)).toBe(1)
  })

  it('is a tenth of that of a warm one beside it', () => {
    const cold = new Patient()
    cold.probe()
    const warm = Patient.healthy()
    const weights = relativeWeights([cold.health, warm.health], cold.nowMs)
    expect(weights.map((weight) => Number(weight.toFixed(6)))).toEqual([0.1, 1])
  })

  it('is full, and the shares are equal, where a fresh process knows only warming ones', () => {
    const patients = [new Patient(), new Patient(), new Patient()]
    const healths = patients.map((patient) => patient.probe())
    const weights = relativeWeights(healths, 1_000)
    expect(weights).toEqual([1, 1, 1])
    const candidates = weights.map((weight, index) => candidate(`r${index}`, weight))
    expect(countPicks(createBalancer('least-outstanding'), candidates, 300)).toEqual({
      r0: 100,
      r1: 100,
      r2: 100,
    })
  })

  it('is of no one where there is no one', () => {
    expect(relativeWeights([], 0)).toEqual([])
  })
})
