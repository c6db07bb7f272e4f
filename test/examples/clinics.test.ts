import { describe, expect, it } from 'vitest'
import { planClinics } from '../../examples/demo/data/clinics.ts'
import { uuid } from '../../src/index.ts'

const SIZE = { clinics: 60, patients: 100_000 }

describe('planClinics', () => {
  it('answers the same clinics for the same seed, and others for another', () => {
    const clinics = planClinics(42, SIZE)
    expect(planClinics(42, SIZE)).toEqual(clinics)
    expect(clinics[0]).toEqual({
      tenantId: 'c62eb1ed-40f6-4fc6-8768-abaa6908bb62',
      name: 'Hillcrest Dental Care',
      patients: 17751,
    })
    expect(planClinics(43, SIZE).map(({ tenantId }) => tenantId)).not.toContain(clinics[0]?.tenantId)
  })

  it('gives each clinic a name and a tenant id of its own, which leasehold accepts', () => {
    const clinics = planClinics(42, SIZE)
    expect(new Set(clinics.map(({ name }) => name)).size).toBe(SIZE.clinics)
    expect(new Set(clinics.map(({ tenantId }) => uuid(tenantId))).size).toBe(SIZE.clinics)
  })

  it('shares out all patients, many to a few clinics and few to many', () => {
    const sizes = planClinics(42, SIZE).map(({ patients }) => patients)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(SIZE.patients)
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a))
    expect(sizes.slice(0, 6).reduce((sum, size) => sum + size, 0)).toBeGreaterThan(SIZE.patients * 0.4)
    expect(Math.min(...sizes)).toBeGreaterThan(300)
  })
})
