import { namedUuid } from './named-uuid.ts'
import { BERG, LAKESIDE, type PlatformClinic, platformClinics, SONNENHOF } from './platform-clinics.ts'

/** Somebody who can sign in. */
interface Account {
  /** The id of the user: the `sub` of their tokens, and the actor of the audit log. */
  readonly userId: string
  readonly email: string
  readonly name: string
  /** The last part of the issuer that they sign in with. */
  readonly issuer: string
}

export interface StaffAccount extends Account {
  readonly role: 'staff'
  readonly tenantId: string
}

export interface PatientAccount extends Account {
  readonly role: 'patient'
  readonly personId: string
  readonly givenName: string
  readonly familyName: string
  readonly birthDate: string
  /** The tenant ids of the clinics that know the person. */
  readonly clinics: readonly string[]
}

export interface OperatorAccount extends Account {
  readonly role: 'operator'
}

export type SeededAccount = StaffAccount | PatientAccount | OperatorAccount

export const ANNA: StaffAccount = staff('anna@sonnenhof.example', 'Anna Keller', SONNENHOF)
export const LIAM: StaffAccount = staff('liam@lakeside.example', 'Liam Hughes', LAKESIDE)
export const GRETA: StaffAccount = staff('greta@berg.example', 'Greta Brandt', BERG)

/** A patient of two clinics. */
export const MIRA: PatientAccount = Object.freeze({
  ...account('mira@patient.example', 'Mira Vogel', SONNENHOF.issuer),
  role: 'patient',
  personId: namedUuid('person', 'mira@patient.example'),
  givenName: 'Mira',
  familyName: 'Vogel',
  birthDate: '1988-04-17',
  clinics: [SONNENHOF.tenantId, LAKESIDE.tenantId],
})

export const OPS: OperatorAccount = Object.freeze({
  ...account('ops@platform.example', 'Olu Petersen', SONNENHOF.issuer),
  role: 'operator',
})

/** Everybody who can sign in on a platform of so many clinics: those above, and at each further clinic its reception. */
export function seededAccounts(clinics: number): readonly SeededAccount[] {
  const receptions = platformClinics(clinics)
    .slice(3)
    .map((clinic) => staff(`reception@${clinic.slug}.example`, `Reception ${clinic.name}`, clinic))
  return [ANNA, LIAM, GRETA, MIRA, OPS, ...receptions]
}

function staff(email: string, name: string, { tenantId, issuer }: PlatformClinic): StaffAccount {
  return Object.freeze({ ...account(email, name, issuer), role: 'staff', tenantId })
}

function account(email: string, name: string, issuer: string): Account {
  return { userId: namedUuid('user', email), email, name, issuer }
}
