export { installOperator, installSchema } from '../install.ts'
export {
  ANNA,
  GRETA,
  LIAM,
  MIRA,
  OPS,
  type OperatorAccount,
  type PatientAccount,
  type SeededAccount,
  type StaffAccount,
  seededAccounts,
} from './cast.ts'
export { BERG, LAKESIDE, type PlatformClinic, platformClinics, SONNENHOF } from './platform-clinics.ts'
export { type Seeded, type SeedOptions, seed, seedDomains } from './seed.ts'
export { miraAt } from './seed-mira.ts'
