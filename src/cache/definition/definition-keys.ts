import type { KnownIdentity } from '../catalog/known-identity.ts'
import type { CachedTable } from '../catalog/read-tables.ts'
import type { CacheCaller, CacheDatabase } from '../database.ts'
import { type EntryKeys, entryKeys } from '../key/entry-keys.ts'
import { escapeText, ownTag } from '../key/escape.ts'
import { slotOf } from '../key/fence-key.ts'
import { KeyMemory } from '../key/key-memory.ts'
import { encodeParts } from '../key/key-parts.ts'
import { scopeOf } from '../key/scope.ts'
import type { DefinitionOptions, TagContext } from './definition-options.ts'
import type { ResolvedDefinition } from './resolve-definition.ts'

/** What the keys of one definition are made of. */
export interface DefinitionKeysParts<Args extends readonly unknown[]> {
  readonly prefix: string
  readonly identity: Pick<KnownIdentity, 'is'>
  readonly database: Pick<CacheDatabase, 'settings'>
  readonly rules: ResolvedDefinition
  readonly options: Pick<DefinitionOptions<never, Args, unknown>, 'key' | 'tags' | 'policyTags'>
  readonly tables: readonly CachedTable[]
}

/** Contexts whose names are remembered: the users of a process in its last minutes. */
const MOST_SCOPES = 10_000

/** Makes the keys of one definition's values. */
export class DefinitionKeys<Args extends readonly unknown[]> {
  readonly #parts: DefinitionKeysParts<Args>
  readonly #noSettings: readonly string[]
  readonly #name: string
  readonly #scopes = new Map<string, string>()
  readonly #memory = new KeyMemory()

  constructor(parts: DefinitionKeysParts<Args>) {
    this.#parts = parts
    this.#name = escapeText(parts.rules.name)
    this.#noSettings = parts.database.settings.map(() => '')
  }

  /** Who a value is loaded for, on behalf of all who share it. */
  sharedBy(caller: CacheCaller): CacheCaller {
    const { vary } = this.#parts.rules
    return vary === 'context' ? caller : { tenant: caller.tenant, settings: this.#noSettings }
  }

  /** The tag of one value, whoever it was loaded for. */
  ownTag(args: Args): string {
    return ownTag(this.#name, encodeParts(this.#parts.options.key(...args)))
  }

  /** @throws {CacheValueError} an argument makes no key; @throws {RangeError} or no tag */
  of(caller: CacheCaller, args: Args): EntryKeys {
    const { prefix, options, rules } = this.#parts
    const parts = encodeParts(options.key(...args))
    const tags = [ownTag(this.#name, parts), ...(options.tags?.(...args) ?? []), ...this.#policyTags(caller)]
    const scope = this.#scopeOf(this.sharedBy(caller).settings)
    const { tenant } = caller
    return this.#memory.of({ tenant, scope, parts, tags }, () =>
      entryKeys({ prefix, slot: slotOf({ tenant, group: rules.group }), scope, parts, tags }),
    )
  }

  #policyTags({ settings }: CacheCaller): readonly string[] {
    const { options, database } = this.#parts
    if (!options.policyTags) return []
    const named = database.settings.map((name, index) => [name, settings[index] ?? ''] as const)
    const context: TagContext = { settings: Object.fromEntries(named) }
    return Object.values(options.policyTags).flatMap((tags) => tags(context))
  }

  #scopeOf(settings: readonly string[]): string {
    // A length in front of each value: no two lists become one.
    const known = settings.map((value) => `${value.length}:${value}`).join()
    const found = this.#scopes.get(known)
    if (found !== undefined) return found
    const scope = this.#makeScope(settings)
    if (this.#scopes.size >= MOST_SCOPES) this.#scopes.clear()
    this.#scopes.set(known, scope)
    return scope
  }

  #makeScope(settings: readonly string[]): string {
    const { rules, identity, tables, database } = this.#parts
    const { systemId, database: name, role } = identity.is
    return scopeOf({
      name: rules.name,
      version: rules.version,
      systemId,
      database: name,
      role,
      shapes: tables.map((table) => `${table.name} ${table.shape}`),
      settings:
        rules.vary === 'tenant'
          ? undefined
          : database.settings.map((setting, index) => [setting, settings[index] ?? '']),
    })
  }
}
