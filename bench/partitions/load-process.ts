import { Application } from './application.ts'
import type { LoadFigures, LoadOrder, LoadStart } from './load-messages.ts'

/* The application in a process of its own, so that what the job does here is not measured as a stall of its callers. */

const start: LoadStart = JSON.parse(process.argv[2] ?? '')
const application = new Application(start)

process.on('disconnect', () => process.exit())
process.on('message', (order: LoadOrder) => {
  obey(order).then(
    (figures) => process.send?.(figures),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})

async function obey(order: LoadOrder): Promise<LoadFigures | { readonly month: number }> {
  if (order.kind === 'month') {
    application.month = order.month
    return { month: order.month }
  }
  const figures = application.book.take()
  if (order.kind === 'phase') {
    if (order.idle) application.idle()
    return figures
  }
  await application[Symbol.asyncDispose]()
  // What was under way is answered by now.
  return { ...figures, inserted: application.book.inserted }
}
