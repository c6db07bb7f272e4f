import { describe, expect, it } from 'vitest'
import { settingsOf } from '../../../examples/kit/session-settings.ts'
import type { Claims } from '../../../examples/kit/token/claims.ts'
import { requireTenant } from '../../../examples/kit/token/require-tenant.ts'

const SHARED = 'https://id/issuers/shared'
const BERG = 'https://id/issuers/berg'
const ids = {
  sonnenhof: '00000000-0000-4000-8000-000000000001',
  lakeside: '00000000-0000-4000-8000-000000000002',
  berg: '00000000-0000-4000-8000-000000000003',
}
const clinics = {
  sonnenhof: { tenantId: ids.sonnenhof, issuer: SHARED },
  lakeside: { tenantId: ids.lakeside, issuer: SHARED },
  berg: { tenantId: ids.berg, issuer: BERG },
}
const person = { sub: '00000000-0000-4000-8000-00000000000a', name: 'Somebody' }
const staff = (iss: string, tenant: string): Claims => ({ ...person, iss, role: 'staff', tenant })
const patient = (iss: string, ...known: string[]): Claims => ({
  ...person,
  iss,
  role: 'patient',
  person: ids.berg,
  clinics: known,
})

describe('a clinic', () => {
  it('lets in its own staff, and the patients that it knows', () => {
    expect(requireTenant(staff(SHARED, ids.sonnenhof), clinics.sonnenhof)).toBe(ids.sonnenhof)
    expect(requireTenant(staff(BERG, ids.berg), clinics.berg)).toBe(ids.berg)
    expect(requireTenant(patient(SHARED, ids.sonnenhof, ids.lakeside), clinics.lakeside)).toBe(ids.lakeside)
  })

  it.each([
    ['staff of another', staff(SHARED, ids.lakeside), clinics.sonnenhof, 'wrong-tenant'],
    ['a patient of others', patient(SHARED, ids.lakeside), clinics.sonnenhof, 'wrong-tenant'],
    ['an operator', { ...person, iss: SHARED, role: 'operator' } as const, clinics.sonnenhof, 'wrong-role'],
    [
      'what the shared issuer says of the dedicated one',
      staff(SHARED, ids.berg),
      clinics.berg,
      'wrong-issuer',
    ],
    [
      'what the dedicated issuer says of others',
      staff(BERG, ids.sonnenhof),
      clinics.sonnenhof,
      'wrong-issuer',
    ],
    ['a patient by the wrong issuer', patient(SHARED, ids.berg), clinics.berg, 'wrong-issuer'],
  ])('refuses %s', (_, claims, clinic, refusal) => {
    expect(() => requireTenant(claims, clinic)).toThrow(expect.objectContaining({ refusal, status: 403 }))
  })
})

describe('what policies are told', () => {
  it('is whose rows somebody may see: any of the clinic, their own, or none', () => {
    expect(settingsOf(staff(SHARED, ids.berg))['app.person_id']).toBe('any')
    expect(settingsOf(patient(SHARED, ids.berg))['app.person_id']).toBe(ids.berg)
    expect(settingsOf({ ...person, iss: SHARED, role: 'operator' })['app.person_id']).toBe('')
  })
})
