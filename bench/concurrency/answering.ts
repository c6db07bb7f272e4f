/** What a process of the bench answers where its work failed. */
export interface Failed {
  readonly error: string
}

/** Has this process do its order and answer it, and end with the one that started it. */
export function answerOrders<Order, Reply extends object>(work: (order: Order) => Promise<Reply>): void {
  process.on('disconnect', () => process.exit())
  process.on('message', (order: Order) => {
    work(order).then(
      (reply) => process.send?.(reply),
      (error: unknown) => {
        const failed: Failed = { error: error instanceof Error ? String(error.stack) : String(error) }
        process.send?.(failed)
      },
    )
  })
}

/** @throws what the process answered, where its work failed */
export function refuseFailed<Reply extends object>(label: string, reply: Reply | Failed): Reply {
  if ('error' in reply) throw new Error(`${label}: ${reply.error}`)
  return reply
}
