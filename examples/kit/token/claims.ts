import { z } from 'zod'

/** Whom tokens of the platform are for: their `aud`. */
export const TOKEN_AUDIENCE = 'clinic-platform'

const person = z.object({ iss: z.string(), sub: z.uuid(), name: z.string().min(1) })
const staff = person.extend({ role: z.literal('staff'), tenant: z.uuid() })
const patient = person.extend({ role: z.literal('patient'), person: z.uuid(), clinics: z.array(z.uuid()) })
const operator = person.extend({ role: z.literal('operator') })

/** Somebody who works at one clinic, its `tenant`. */
export type StaffClaims = Readonly<z.output<typeof staff>>
/** A person who is a patient of `clinics`, by their tenant ids. */
export type PatientClaims = Readonly<z.output<typeof patient>>
/** Somebody who runs the platform, and sees no tenant's rows. */
export type OperatorClaims = Readonly<z.output<typeof operator>>

/** What a verified token says: who (`sub`, a user's id), by which issuer (`iss`), and what they are. */
export type Claims = StaffClaims | PatientClaims | OperatorClaims

/** The shape of a payload whose signature was verified. A claim that is not of the role's is dropped. */
export const claimsSchema = z.discriminatedUnion('role', [staff, patient, operator])
