import type { TenantId } from '../../context/tenant-id.ts'
import type { EntryKeys } from './entry-keys.ts'

/** Values whose keys are kept. */
const MOST = 4_096

interface Remembered {
  readonly scope: string
  readonly tags: readonly string[]
  readonly keys: EntryKeys
}

/**
 * Keys of values that were asked for lately: putting them together, and walking through what was put together on the way to the
 * socket, is a good part of what a hit costs.
 */
export class KeyMemory {
  readonly #byTenant = new Map<TenantId, Map<string, Remembered>>()
  #size = 0

  /** The keys, if they were made of the same; else they are made now. @param parts say which value of the tenant it is */
  of(
    {
      tenant,
      scope,
      parts,
      tags,
    }: { tenant: TenantId; scope: string; parts: string; tags: readonly string[] },
    make: () => EntryKeys,
  ): EntryKeys {
    const known = this.#byTenant.get(tenant)?.get(parts)
    if (known && known.scope === scope && areSame(known.tags, tags)) return known.keys
    const keys = make()
    this.#remember(tenant, parts, { scope, tags, keys })
    return keys
  }

  #remember(tenant: TenantId, parts: string, remembered: Remembered): void {
    if (this.#size >= MOST) {
      this.#byTenant.clear()
      this.#size = 0
    }
    const ofTenant = this.#byTenant.get(tenant) ?? new Map<string, Remembered>()
    this.#byTenant.set(tenant, ofTenant)
    if (!ofTenant.has(parts)) this.#size += 1
    ofTenant.set(parts, remembered)
  }
}

function areSame(some: readonly string[], others: readonly string[]): boolean {
  if (some.length !== others.length) return false
  for (let index = 0; index < some.length; index += 1) if (some[index] !== others[index]) return false
  return true
}
