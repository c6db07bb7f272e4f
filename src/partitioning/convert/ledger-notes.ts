import type { CatalogClient } from '../../rls/catalog/catalog-client.ts'
import { quoteText } from '../../rls/sql/quote.ts'
import { type Month, monthStartUs } from '../months/month.ts'
import type { Conversion } from './conversion.ts'

/** Writes what becomes of partitions to the ledger, where there is one. */
export class LedgerNotes {
  readonly #conversion: Conversion
  readonly #isThere: boolean

  constructor(conversion: Conversion, isThere: boolean) {
    this.#conversion = conversion
    this.#isThere = isThere
  }

  /** A partition is attached now. Its range is that of months, the last one exclusive; an open side is nothing. */
  attached(
    partition: { readonly name: string; readonly ident: string },
    low: Month | undefined,
    high: Month,
  ): readonly string[] {
    if (!this.#isThere) return []
    const { name, ident } = partition
    return [
      'insert into leasehold.partition_ledger ("table", partition, oid, low_us, high_us, state) ' +
        `values (${quoteText(this.#conversion.object)}, ${quoteText(name)}, ${quoteText(ident)}::pg_catalog.regclass, ${microseconds(low)}, ${microseconds(high)}, 'attached') ` +
        'on conflict ("table", oid) do update set partition = excluded.partition, low_us = excluded.low_us, high_us = excluded.high_us, state = \'attached\', updated_at = pg_catalog.now();',
    ]
  }

  /** The partition of one month is attached now. */
  month(month: Month): readonly string[] {
    return this.attached(this.#conversion.partition(month), month, month + 1)
  }

  /** The table has no partitions any more; those that it had are dropped, or are the table. */
  nonePartitioned(): readonly string[] {
    if (!this.#isThere) return []
    return [
      `update leasehold.partition_ledger set state = 'dropped', updated_at = pg_catalog.now() where "table" = ${quoteText(this.#conversion.object)} and state in ('staged', 'attached');`,
    ]
  }
}

/** Whether the ledger is there. */
export async function hasLedger(client: CatalogClient): Promise<boolean> {
  const { rows } = await client.query(
    "select pg_catalog.to_regclass('leasehold.partition_ledger') is not null as there",
  )
  const [row] = rows as readonly { readonly there: boolean }[]
  return row?.there === true
}

function microseconds(month: Month | undefined): string {
  return month === undefined ? 'null' : String(monthStartUs(month))
}
