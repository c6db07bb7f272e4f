import { createHash } from 'node:crypto'

/** NAMEDATALEN - 1: PostgreSQL cuts longer names, which can make two of them one. */
const MOST_BYTES = 63
const HASH_DIGITS = 8

/** Names for indexes and constraints that are made from others, in place of the ones they follow. */
export class DerivedNames {
  readonly #taken: (schema: string) => ReadonlySet<string>
  readonly #given = new Map<string, Set<string>>()

  /** @param taken names of relations in a schema, which indexes share */
  constructor(taken: Readonly<Record<string, readonly string[]>>) {
    const sets = new Map(Object.entries(taken).map(([schema, names]) => [schema, new Set(names)]))
    this.#taken = (schema) => sets.get(schema) ?? new Set()
  }

  /**
   * The name that PostgreSQL would give, such as `patients_tenant_id_chart_number_key` in place of
   * `patients_chart_number_key`; with a digest where that is too long, or means something else already.
   *
   * @param also further names that are taken, such as those of a table's constraints
   */
  claim(schema: string, wanted: string, also: readonly string[] = []): string {
    const given = this.#given.get(schema) ?? new Set()
    this.#given.set(schema, given)
    const isFree = (name: string) =>
      !given.has(name) && !also.includes(name) && !this.#taken(schema).has(name)
    for (const name of candidates(wanted)) {
      if (!isFree(name)) continue
      given.add(name)
      return name
    }
    return wanted
  }
}

/** `tenant_id` set into a name behind that of its table. */
export function withTenant(name: string, table: string, tenant: string): string {
  return name.startsWith(`${table}_`)
    ? `${table}_${tenant}_${name.slice(table.length + 1)}`
    : `${name}_${tenant}`
}

/** A name as it is, or with a digest in place of its end where it is too long. */
export function fitName(name: string): string {
  return candidates(name).next().value ?? name
}

function* candidates(wanted: string): Generator<string, undefined> {
  if (Buffer.byteLength(wanted) <= MOST_BYTES) yield wanted
  for (let n = 0; ; n++) {
    const digest = createHash('sha256').update(`${n}:${wanted}`).digest('hex').slice(0, HASH_DIGITS)
    yield `${cut(wanted, MOST_BYTES - HASH_DIGITS - 1)}_${digest}`
  }
}

/** As many whole characters as fit. */
function cut(text: string, bytes: number): string {
  let kept = ''
  for (const character of text) {
    if (Buffer.byteLength(kept + character) > bytes) break
    kept += character
  }
  return kept
}
