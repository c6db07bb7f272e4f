import type { IncomingHttpHeaders } from 'node:http'
import type { SettingValues } from '../context/settings.ts'
import type { TenantId } from '../context/tenant-id.ts'
import type { RunOptions } from '../options/scope-options.ts'
import { type Intent, intentOf } from '../scope/intent.ts'
import { explainWriteIn } from '../scope/write-in-read.ts'
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
  /** Of the request line: headers that claim another are nobody's business here. */
  readonly method: string
  /** The pattern of its route. */
  readonly httpRoute: RunOptions['httpRoute']
  readonly headers: IncomingHttpHeaders
}

/** The scope of one request, and the token that its response is to carry. */
export class RequestScope {
  readonly options: RunOptions
  readonly intent: Intent
  readonly #carrier: TokenCarrier | undefined
  #token: string | undefined

  constructor(
    { tenant, subject, settings }: Identity,
    facts: RequestFacts,
    carrier: TokenCarrier | undefined,
  ) {
    const { method, httpRoute, headers } = facts
    this.intent = intentOf(method)
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

  /** Takes the header that carries what the request has seen; nothing where it has seen nothing new since. */
  takeHeader(): { readonly name: string; readonly value: string } | undefined {
    const token = this.#token
    this.#token = undefined
    return token === undefined ? undefined : this.#carrier?.write(token)
  }

  /** Tells of a write that was refused in which request it was tried. */
  explain(error: unknown): unknown {
    const { method, httpRoute } = this.options
    const explain = explainWriteIn({ method, httpRoute })
    return explain ? explain(error) : error
  }
}
