import type { Selectable } from 'kysely'
import type { Leasehold, TenantId } from 'leasehold'
import type { Database, OrganizationDomainsTable } from './database.ts'

type Domain = Selectable<OrganizationDomainsTable>

/** A clinic as everybody may know it. */
export interface Organization {
  /** From `organization_domains`, and so a value of ours. */
  readonly tenantId: TenantId
  readonly slug: string
  readonly name: string
  readonly tenancy: 'shared' | 'dedicated'
  /** The `iss` of tokens that are good for it. */
  readonly issuer: string
  /** Of the IANA database. */
  readonly timeZone: string
}

/** How long what was read is believed, in milliseconds: a new clinic waits for so long, and one that moves to an issuer of its own. */
const FRESH_MS = 5_000
/** How long it is believed while the database does not answer, so that reads from replicas go on while the primary restarts. */
const OUTAGE_MS = 60_000

/**
 * The clinics by host and slug, read as a whole and kept for a few seconds: they are tens, and asked for by every request, also those of
 * strangers. The library's cache is for tenants' data, and this is no tenant's.
 */
export class Directory {
  readonly #readDomains: () => Promise<readonly Domain[]>
  #known: { readonly freshUntilMs: number; readonly read: Promise<Read> } | undefined
  #last: { readonly untilMs: number; readonly read: Read } | undefined

  /** @param readDomains asks some database for its copy of the table */
  constructor(readDomains: () => Promise<readonly Domain[]>) {
    this.#readDomains = readDomains
  }

  /** The clinics as the clinics' database knows them. */
  static of(db: Pick<Leasehold<Database>, 'shared'>): Directory {
    return new Directory(() =>
      db
        .shared({ route: 'replica', consistency: 'eventual' })
        .selectFrom('organization_domains')
        .selectAll()
        .orderBy('host')
        .execute(),
    )
  }

  /** The clinic of a `Host` header, with or without its port. */
  async byHost(host: string): Promise<Organization | undefined> {
    const name = host.toLowerCase().replace(/:\d+$/, '')
    return (await this.#read()).byHost.get(name)
  }

  async bySlug(slug: string): Promise<Organization | undefined> {
    return (await this.#read()).bySlug.get(slug)
  }

  async byTenant(tenantId: string): Promise<Organization | undefined> {
    return (await this.#read()).byTenant.get(tenantId)
  }

  /** Every issuer that some clinic's users come from: whose tokens may be looked at. */
  async issuers(): Promise<readonly string[]> {
    return (await this.#read()).issuers
  }

  #read(): Promise<Read> {
    const nowMs = performance.now()
    if (this.#known && this.#known.freshUntilMs > nowMs) return this.#known.read
    const read = this.#refresh(nowMs)
    this.#known = { freshUntilMs: nowMs + FRESH_MS, read }
    return read
  }

  async #refresh(nowMs: number): Promise<Read> {
    try {
      const read = readAll(await this.#readDomains())
      this.#last = { read, untilMs: nowMs + OUTAGE_MS }
      return read
    } catch (error) {
      // The next request asks again.
      this.#known = undefined
      if (this.#last && this.#last.untilMs > nowMs) return this.#last.read
      throw error
    }
  }
}

interface Read {
  readonly byHost: ReadonlyMap<string, Organization>
  readonly bySlug: ReadonlyMap<string, Organization>
  readonly byTenant: ReadonlyMap<string, Organization>
  readonly issuers: readonly string[]
}

function readAll(rows: readonly Domain[]): Read {
  const hosts = rows.map(({ host, tenant_id, time_zone, ...facts }) => {
    const organization: Organization = { ...facts, tenantId: tenant_id as TenantId, timeZone: time_zone }
    return [host, Object.freeze(organization)] as const
  })
  return {
    byHost: new Map(hosts),
    bySlug: new Map(hosts.map(([, organization]) => [organization.slug, organization])),
    byTenant: new Map(hosts.map(([, organization]) => [organization.tenantId, organization])),
    issuers: [...new Set(rows.map(({ issuer }) => issuer))],
  }
}
