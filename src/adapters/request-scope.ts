import type { IncomingHttpHeaders } from 'node:http'
import type { SettingValues } from '../context/settings.ts'
import type { TenantId } from '../context/tenant-id.ts'
import type { RunOptions } from '../options/scope-options.ts'
import { intentOf } from '../scope/intent.ts'
import type { TokenCarrier } from './token-carrier.ts'

/** For whom a request is, as the application has verified it. */
export interface Identity {
  /** The tenant's id. Never out of a header or a path that nobody has checked. */
  readonly tenant: unknown
  /** Who it is, such as the id of a user: whom tokens are given to. */
  readonly subject?: string | undefined
  /** Values of declared settings. */
  readonly settings?: SettingValues | undefined
}

/** What an adapter knows of a request. */
export interface RequestFacts {
  readonly method: string
  /** The pattern of its route, where that is known by then. */
  readonly httpRoute: string | undefined
  readonly headers: IncomingHttpHeaders
}

/** The scope of one request, and the token that its response is to carry. */
export class RequestScope {
  readonly options: RunOptions
  readonly #carrier: TokenCarrier | undefined
  #token: string | undefined

  constructor(
    { tenant, subject, settings }: Identity,
    facts: RequestFacts,
    carrier: TokenCarrier | undefined,
  ) {
    const { method, httpRoute, headers } = facts
    this.#carrier = carrier
    this.options = {
      // It is parsed by run(), which throws for what is none.
      tenant: tenant as TenantId,
      subject: subject ?? '',
      settings,
      method,
      httpRoute,
      token: carrier?.read(headers),
      onToken:
        carrier &&
        ((token) => {
          this.#token = token
        }),
    }
  }

  get reads(): boolean {
    return intentOf(this.options.method) === 'read'
  }

  /** The header that carries what the request has seen; nothing where it has seen nothing new. */
  header(): { readonly name: string; readonly value: string } | undefined {
    return this.#token === undefined ? undefined : this.#carrier?.write(this.#token)
  }
}
