import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { AlarmEvent, WorkEvent } from 'leasehold'
import type { RouteEvent } from 'leasehold/router'

/** What leasehold publishes, by the channel; none of it holds a row value. */
interface Events {
  'leasehold:batch': WorkEvent
  'leasehold:transaction': WorkEvent
  'leasehold:route': RouteEvent
  'leasehold:alarm': AlarmEvent
}

/** Listens to one channel until what is returned is called. */
export function listen<Name extends keyof Events>(
  name: Name,
  listener: (event: Events[Name]) => void,
): () => void {
  const onMessage = (message: unknown) => listener(message as Events[Name])
  subscribe(name, onMessage)
  return () => void unsubscribe(name, onMessage)
}
