import type { TenantReadTransaction } from './tenant-reader.ts'
import type { TenantTransaction } from './tenant-transaction.ts'

/** The caller's work in a transaction. */
export type TenantCallback<T, DB = unknown> = (tx: TenantTransaction<DB>) => Promise<T> | T

/** The caller's work in a transaction that reads. */
export type TenantReadCallback<T, DB = unknown> = (tx: TenantReadTransaction<DB>) => Promise<T> | T
