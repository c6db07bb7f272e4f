import type { KnownIdentity } from '../catalog/known-identity.ts'
import type { CachedTable } from '../catalog/read-tables.ts'
import type { CacheCaller, CacheDatabase } from '../database.ts'
import { type EntryKeys, entryKeys } from '../key/entry-keys.ts'
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
  readonly #scopes = new Map<string, string>()

  constructor(parts: DefinitionKeysParts<Args>) {
    this.#parts = parts
    this.#noSettings = parts.database.settings.map(() => '')
  }

  /** Who a value is loaded for, on behalf of all who share it. */
  sharedBy(caller: CacheCaller): CacheCaller {
    const { vary } = this.#parts.rules
    return vary === 'context' ? caller : { tenant: caller.tenant, settings: this.#noSettings }
  }

  /** The tag of one value, whoever it was loaded for. */
  ownTag(args: Args): string {
    const { rules, options } = this.#parts
    return ownTag(rules.name, encodeParts(options.key(...args)))
  }

  /** @throws {CacheValueError} an argument makes no key; @throws {RangeError} or no tag */
  of(caller: CacheCaller, args: Args): EntryKeys {
    const { prefix, rules, options } = this.#parts
    const { tenant } = caller
    const parts = encodeParts(options.key(...args))
    const tags = [ownTag(rules.name, parts), ...(options.tags?.(...args) ?? []), ...this.#policyTags(caller)]
    const scope = this.#scopeOf(this.sharedBy(caller).settings)
    return entryKeys({ prefix, tenant, group: rules.group, scope, parts, tags })
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

/** No tag of a caller's begins like this: it would have to hold what no text of theirs should, and would do no harm if it did. */
function ownTag(name: string, parts: string): string {
  return `\u0000${name}\u0000${parts}`
}
