import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Server } from 'node:http'
import { serve } from '@clinic/kit'

const REQUEST = 'http.server.request.start'

/**
 * Stops an app at SIGTERM in the order of the other services: nothing new is taken, what was begun is answered, and then what it holds is
 * let go of. For `register` of `instrumentation.ts`.
 *
 * By itself Next.js answers what was begun, and ends the process at once. It leaves that to the app where `NEXT_MANUAL_SIG_HANDLE` is in
 * the environment that `next start` is called with; where it is not, nothing happens here.
 *
 * @param close lets go of the database, and of what else there is
 */
export async function stopOnSignal(service: string, close: () => Promise<void>): Promise<void> {
  if (!process.env.NEXT_MANUAL_SIG_HANDLE) return
  let server: Server | undefined
  // Next.js shows its server to nobody; Node names it with each request. Before the first one there is nothing to wait for.
  const note = (message: unknown) => {
    server = (message as { readonly server: Server }).server
    unsubscribe(REQUEST, note)
  }
  subscribe(REQUEST, note)
  await serve({
    service,
    listen: async () => `port ${process.env.PORT ?? 3000}`,
    close: async () => {
      if (server) await closed(server)
      await close()
    },
  })
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()))
  })
}
