const COLUMNS = 'tenant_id, id, full_name, born_on, sex, phone, email, address, insurance_number, created_at'

/** A text under the name that a peer which prepares may give it. */
export interface NamedText {
  readonly name: string
  readonly text: string
}

/** The policy names the tenant. */
export const READ: NamedText = {
  name: 'read-patient',
  text: `select ${COLUMNS} from patients where id = $1`,
}
export const WRITE: NamedText = {
  name: 'write-patient',
  text: `update patients set phone = $2 where id = $1 returning ${COLUMNS}`,
}

/** The statement names the tenant, as it must without policies. */
export const READ_UNSCOPED: NamedText = {
  name: 'read-patient',
  text: `select ${COLUMNS} from patients where tenant_id = $1 and id = $2`,
}
export const WRITE_UNSCOPED: NamedText = {
  name: 'write-patient',
  text: `update patients set phone = $3 where tenant_id = $1 and id = $2 returning ${COLUMNS}`,
}

export const SET_TENANT = "select set_config('app.tenant_id', $1, true)"
