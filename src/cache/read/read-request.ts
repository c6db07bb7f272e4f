import type { TenantReadCallback } from '../../query/tenant-callback.ts'
import type { CacheCaller } from '../database.ts'
import type { EntryKeys } from '../key/entry-keys.ts'

/** One call for one value. */
export interface ReadRequest<DB, Value> {
  /** Who the value is loaded for: whoever shares it gets the same. */
  readonly caller: CacheCaller
  readonly keys: EntryKeys
  readonly load: TenantReadCallback<Value, DB>
}
