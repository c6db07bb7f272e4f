import type { Generated } from 'kysely'

/** The schema, as Kysely has it. */
export interface Tables {
  readonly patients: {
    readonly tenant_id: string
    readonly id: string
    readonly full_name: string
    readonly born_on: Date
    readonly sex: string
    readonly phone: string
    readonly email: string
    readonly address: string
    readonly insurance_number: string
    readonly created_at: Generated<Date>
  }
}

export const COLUMNS = [
  'tenant_id',
  'id',
  'full_name',
  'born_on',
  'sex',
  'phone',
  'email',
  'address',
  'insurance_number',
  'created_at',
] as const
