import { PATIENTS_PER_TENANT, TENANTS, tenantId } from '../topology/schema.ts'
import type { Patient, TenantPeer } from './peer.ts'

/** What an operation is: one statement that reads, one that writes, or a transaction of three that depend on each other. */
export type Workload = 'read' | 'write' | 'transaction'

export const WORKLOADS: readonly Workload[] = ['read', 'write', 'transaction']

/** What is wrong with an answer. */
export interface Verdict {
  readonly foreignRows: number
  /** Nothing where the answer is exactly what was asked for. */
  readonly fault: string | undefined
}

/** A patient of any tenant from a position on. */
export function randomPatient(fromTenant = 0): { readonly tenant: string; readonly id: string } {
  const index = fromTenant + Math.floor(Math.random() * (TENANTS - fromTenant))
  return {
    tenant: tenantId(index),
    id: String(index * PATIENTS_PER_TENANT + Math.floor(Math.random() * PATIENTS_PER_TENANT) + 1),
  }
}

/** Runs one operation for a random tenant and patient, and looks at every row of the answer. */
export async function runOperation(peer: TenantPeer, workload: Workload): Promise<Verdict> {
  const { tenant, id } = randomPatient()
  if (workload === 'read') return judgeRows(await peer.read(tenant, id), 1, tenant, id)
  if (workload === 'write') return judgeRows(await peer.write(tenant, id, `+41 ${id}`), 1, tenant, id)
  return judgeRows(await peer.transaction(tenant, id, `+41 ${id}`), 3, tenant, id)
}

/** Looks at every row of an answer that is to hold one patient so many times. */
export function judgeRows(rows: readonly Patient[], expected: number, tenant: string, id: string): Verdict {
  let foreignRows = 0
  let right = 0
  for (const row of rows) {
    if (row.tenant_id !== tenant) foreignRows += 1
    else if (row.id === id && typeof row.full_name === 'string') right += 1
  }
  if (right === expected && rows.length === expected) return { foreignRows, fault: undefined }
  return { foreignRows, fault: `${rows.length} rows, of which ${right} are the ${expected} asked for` }
}
