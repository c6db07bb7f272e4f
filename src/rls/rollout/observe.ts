import { setTimeout as sleep } from 'node:timers/promises'
import type { CatalogClient } from '../catalog/catalog-client.ts'
import { answeredWithin } from './answered-within.ts'
import { OBSERVE_CHANNEL } from './steps/observe.ts'

/** A client that hears notifications, as a `pg.Client` does. */
export interface RolloutClient extends CatalogClient {
  on(event: 'notification', listener: (message: Notification) => void): unknown
  removeListener(event: 'notification', listener: (message: Notification) => void): unknown
}

interface Notification {
  readonly channel: string
  readonly payload?: string | undefined
}

/** Who ran statements without a tenant. */
export interface WithoutTenant {
  /** `schema.table` that was used. */
  readonly table: string
  readonly user: string
  /** `application_name`. */
  readonly application: string
  /** The other side's address, which may be a pooler's. */
  readonly address: string | null
}

/**
 * Lets the application work for a while, and listens.
 *
 * @param heard called once for each that is new
 */
export async function observe(
  client: RolloutClient,
  observeMs: number,
  { signal, heard }: { readonly signal: AbortSignal | undefined; heard(who: WithoutTenant): void },
): Promise<readonly WithoutTenant[]> {
  const found = new Map<string, WithoutTenant>()
  const listen = ({ channel, payload = '' }: Notification) => {
    if (channel !== OBSERVE_CHANNEL || found.has(payload)) return
    const who: WithoutTenant = JSON.parse(payload)
    found.set(payload, who)
    heard(who)
  }
  client.on('notification', listen)
  try {
    await answeredWithin(client.query(`listen ${OBSERVE_CHANNEL}`), 0)
    // Aborting ends the time, and whoever comes next says so.
    await sleep(observeMs, undefined, signal ? { signal } : {}).catch(() => {})
    await answeredWithin(client.query(`unlisten ${OBSERVE_CHANNEL}`), 0)
  } finally {
    client.removeListener('notification', listen)
  }
  return [...found.values()]
}
