import { createLeasehold, uuid } from 'leasehold'
import type { Statement, TenantAccess, TenantRow, Variant, VariantOptions } from '../tenant-access.ts'

/** The same through leasehold: the setting ends with the transaction, in the round trip of the work itself. */
export function connectLeasehold(options: VariantOptions): Variant {
  const db = createLeasehold({ primary: { ...options, application_name: 'leasehold' } })
  return {
    name: 'leasehold',
    as: (tenantId): TenantAccess => {
      const tenant = uuid(tenantId)
      return {
        query: async <Row extends TenantRow>({ text, values }: Statement) =>
          (await db.tenant(tenant).query<Row>(text, values)).rows,
        batch: async (statements) => {
          const results = await db.tenant(tenant).batch(statements)
          return results.flatMap(({ rows }) => rows as unknown as TenantRow[])
        },
        transaction: (work) =>
          db.withTenant(tenant, (tx) =>
            work(
              async <Row extends TenantRow>({ text, values }: Statement) =>
                (await tx.query<Row>(text, values)).rows,
            ),
          ),
      }
    },
    [Symbol.asyncDispose]: () => db.close(),
  }
}
