import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { onTestFinished } from 'vitest'

/** Collects what is published on a diagnostics channel until the test has finished. */
export function channelMessages(name: string): { take(): unknown[] } {
  const messages: unknown[] = []
  const listener = (message: unknown) => messages.push(message)
  subscribe(name, listener)
  onTestFinished(() => {
    unsubscribe(name, listener)
  })
  return { take: () => messages.splice(0) }
}
