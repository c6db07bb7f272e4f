import type { IncomingMessage, ServerResponse } from 'node:http'

/** Who waits for the answer to a request. */
export interface Client {
  isGone(): boolean
  /** Calls back when it goes away before its answer is sent. @returns stops that */
  onGone(listener: () => void): () => void
}

/** As Node has it. */
export function nodeClient(request: IncomingMessage, response: ServerResponse): Client {
  return {
    isGone: () => request.socket?.destroyed ?? false,
    onGone: (listener) => {
      response.once('close', listener)
      return () => response.removeListener('close', listener)
    },
  }
}

/** As the Fetch standard has it. @param signal of the request */
export function fetchClient(signal: AbortSignal): Client {
  return {
    isGone: () => signal.aborted,
    onGone: (listener) => {
      signal.addEventListener('abort', listener, { once: true })
      return () => signal.removeEventListener('abort', listener)
    },
  }
}
