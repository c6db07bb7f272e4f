export { LeaseholdError } from './errors/leasehold-error.ts'
