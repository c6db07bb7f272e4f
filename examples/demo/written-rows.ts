import type { ClientBase } from 'pg'
import { signatureOf } from './measure.ts'
import type { VariantName } from './tenant-access.ts'

/** What a variant left in the database. */
export interface WrittenRows {
  readonly written: number
  /** Those that lie in another tenant than the one that asked for them to be written. */
  readonly misplaced: number
}

/** Reads past all policies what a variant wrote, from the signatures in the rows. */
export async function inspectWrittenRows(admin: ClientBase, variant: VariantName): Promise<WrittenRows> {
  const { rows } = await admin.query<WrittenRows>(
    `select count(*)::int as written, count(*) filter (where signature <> $1 || tenant_id)::int as misplaced
     from (
       select tenant_id, booked_by from appointments
       union all select tenant_id, author from clinical_records
       union all select tenant_id, actor from audit_log
     ) as signed (tenant_id, signature)
     where starts_with(signature, $1)`,
    [signatureOf(variant, '')],
  )
  const [row] = rows
  if (!row) throw new Error('count(*) answered no row.')
  return row
}
