import { Client } from 'pg'

/** Whom a row that was answered must belong to. */
export interface RowOwner {
  readonly tenantId: string
  /** For a patient's session: nobody else's rows of that clinic either. */
  readonly personId?: string
}

/** What came of looking up whose the answered rows are. */
export interface RowCheckCounts {
  /** Rows looked up; each as often as it was answered anew since the last look. */
  readonly checked: number
  /** Rows that are somebody else's. There is one good number. */
  readonly foreign: number
  /** Examples of them, for whoever looks for the cause. */
  readonly examples: readonly ForeignRow[]
}

export interface ForeignRow {
  readonly id: string
  /** Whom it was shown to. */
  readonly shownTo: RowOwner
  /** Which request it was the answer to. */
  readonly request: string
}

interface Seen {
  readonly owner: RowOwner
  readonly request: string
}

const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g
const EVERY_MS = 1_000
const EXAMPLES = 5

/**
 * Looks up in the database whose every row is that a service has answered, past all policies, and counts those that are not whose they
 * should be. An id of no row at all counts as well: an answer holds none.
 */
export class RowCheck implements AsyncDisposable {
  readonly #connectionString: string
  readonly #schedule: NodeJS.Timeout
  #seen = new Map<string, Seen>()
  #checked = 0
  #foreign: ForeignRow[] = []
  #looking: Promise<void> = Promise.resolve()

  /** @param connectionString of a superuser, straight to the primary */
  constructor(connectionString: string) {
    this.#connectionString = connectionString
    // A primary that is away is asked again a second later: what was seen is kept until it has been looked up.
    this.#schedule = setInterval(() => void this.look().catch(() => {}), EVERY_MS)
    this.#schedule.unref()
  }

  /** Notes every id of an answer, whatever its form. */
  note(text: string, owner: RowOwner, request: string): void {
    for (const [id] of text.matchAll(UUID)) {
      this.#seen.set(`${id} ${owner.tenantId} ${owner.personId ?? ''}`, { owner, request })
    }
  }

  get counts(): RowCheckCounts {
    return {
      checked: this.#checked,
      foreign: this.#foreign.length,
      examples: this.#foreign.slice(0, EXAMPLES),
    }
  }

  /** Looks up all that was noted. @throws when the primary does not answer; nothing is lost by it */
  look(): Promise<void> {
    const next = this.#looking.catch(() => {}).then(() => this.#lookUp())
    this.#looking = next
    return next
  }

  async #lookUp(): Promise<void> {
    const seen = this.#seen
    if (seen.size === 0) return
    this.#seen = new Map()
    const rows = [...seen].map(([key, { owner, request }]) => ({ id: key.slice(0, 36), owner, request }))
    try {
      const strangers = await ask(this.#connectionString, rows)
      this.#checked += rows.length
      for (const at of strangers) {
        const row = rows[at]
        if (row) this.#foreign.push({ id: row.id, shownTo: row.owner, request: row.request })
      }
    } catch (error) {
      for (const [key, value] of seen) this.#seen.set(key, value)
      throw error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#schedule)
    await this.#looking.catch(() => {})
  }
}

/** Which of the rows, by their place in the list, are not their owner's. */
async function ask(
  connectionString: string,
  rows: readonly { readonly id: string; readonly owner: RowOwner }[],
): Promise<readonly number[]> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 2_000, statement_timeout: 20_000 })
  client.on('error', () => {})
  await client.connect()
  try {
    const { rows: found } = await client.query<{ at: number }>(STRANGERS, [
      rows.map(({ id }) => id),
      rows.map(({ owner }) => owner.tenantId),
      rows.map(({ owner }) => owner.personId ?? null),
    ])
    return found.map(({ at }) => at - 1)
  } finally {
    await client.end()
  }
}

/** Every key begins with the tenant, so each look is one of an index. */
const STRANGERS = `
  with seen as (
    select * from unnest($1::uuid[], $2::uuid[], $3::uuid[]) with ordinality as seen (id, tenant_id, person_id, at)
  ), own as (
    select seen.at
    from seen join patient_profiles profile on profile.tenant_id = seen.tenant_id and profile.id = seen.id
    where seen.person_id is null or profile.person_id = seen.person_id
    union all
    select seen.at
    from seen join patients patient on patient.tenant_id = seen.tenant_id and patient.id = seen.id
      join patient_profiles profile on profile.tenant_id = patient.tenant_id and profile.id = patient.profile_id
    where seen.person_id is null or profile.person_id = seen.person_id
    union all
    select seen.at
    from seen join appointments entry on entry.tenant_id = seen.tenant_id and entry.id = seen.id
      join patients patient on patient.tenant_id = entry.tenant_id and patient.id = entry.patient_id
      join patient_profiles profile on profile.tenant_id = patient.tenant_id and profile.id = patient.profile_id
    where seen.person_id is null or profile.person_id = seen.person_id
    union all
    select seen.at
    from seen join clinical_records entry on entry.tenant_id = seen.tenant_id and entry.id = seen.id
      join patients patient on patient.tenant_id = entry.tenant_id and patient.id = entry.patient_id
      join patient_profiles profile on profile.tenant_id = patient.tenant_id and profile.id = patient.profile_id
    where seen.person_id is null or profile.person_id = seen.person_id
  )
  select at::int as at from seen where at not in (select at from own)`
