import { describe, expect, it } from 'vitest'
import { type AuditedWrite, auditIsolation, type IsolationAudit } from './isolation-audit.ts'
import { type Outcome, OutcomeLedger } from './outcome-ledger.ts'

const NOTHING: IsolationAudit = {
  misplacedRows: 0,
  lostWrites: 0,
  duplicateWrites: 0,
  resurrectedWrites: 0,
  tornWrites: 0,
}

/** Audits one write of tenant 3 with two rows, number 5, against what a table has. */
function audit(
  outcome: Outcome,
  table: Partial<Record<number, Partial<AuditedWrite>>>,
): Promise<IsolationAudit> {
  const outcomes = new OutcomeLedger(10)
  outcomes.set({ number: 5, tenant: 3, rows: 2, outcome })
  const rows = Object.entries(table).map(([operation, row]) => {
    return { operation, tenants: ['tenant 3'], tags: ['tenant 3'], found: 2, ...row }
  })
  const query = async (_text: string, [first, last]: unknown[]) => ({
    rows: rows.filter(
      ({ operation }) => Number(operation) >= Number(first) && Number(operation) <= Number(last),
    ),
  })
  return auditIsolation({ query }, { outcomes }, (tenant) => `tenant ${tenant}`)
}

describe('the audit of a soak', () => {
  it.each<[Outcome, Partial<Record<number, Partial<AuditedWrite>>>]>([
    ['committed', { 5: {} }],
    ['failed', {}],
    ['unknown', {}],
    ['unknown', { 5: {} }],
  ])('finds nothing where a write that is %s has left %j', async (outcome, table) => {
    expect(await audit(outcome, table)).toEqual(NOTHING)
  })

  it.each<[Partial<IsolationAudit>, Outcome, Partial<Record<number, Partial<AuditedWrite>>>]>([
    [{ lostWrites: 1 }, 'committed', {}],
    [{ lostWrites: 1, tornWrites: 1 }, 'committed', { 5: { found: 1 } }],
    [{ tornWrites: 1 }, 'unknown', { 5: { found: 1 } }],
    [{ resurrectedWrites: 1 }, 'failed', { 5: {} }],
    [{ duplicateWrites: 1 }, 'committed', { 5: { found: 4 } }],
    [{ duplicateWrites: 1 }, 'unknown', { 5: { found: 3 } }],
    [{ misplacedRows: 1 }, 'committed', { 5: { tenants: ['tenant 4'] } }],
    [{ misplacedRows: 1 }, 'committed', { 5: { tags: ['tenant 3', 'tenant 4'] } }],
    [{ misplacedRows: 1 }, 'committed', { 5: {}, 6: {} }],
    [{ misplacedRows: 1 }, 'committed', { 5: {}, 11: {} }],
  ])('finds %j where a write that is %s has left %j', async (found, outcome, table) => {
    expect(await audit(outcome, table)).toEqual({ ...NOTHING, ...found })
  })
})
