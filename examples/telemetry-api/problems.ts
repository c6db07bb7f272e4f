import { describeError, type Problem, problemOf } from '@clinic/kit'
import type { Context, Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'

/** Has every error answered as `application/problem+json`, and logs those that are faults of ours, without a value of any row. */
export function answerWithProblems(app: Hono, log: (line: string) => void): void {
  app.onError((error, context) => {
    const problem = problemOf(error) ?? problemOfHono(error)
    if (problem) return send(context, problem)
    log(JSON.stringify({ level: 'error', error: describeError(error), route: context.req.routePath }))
    return send(context, { type: 'about:blank', title: 'Something went wrong on our side.', status: 500 })
  })
  app.notFound((context) =>
    send(context, { type: 'about:blank', title: 'There is nothing here.', status: 404 }),
  )
}

/** What Hono refuses by itself, as a body that is too large. */
function problemOfHono(error: Error): Problem | undefined {
  if (!(error instanceof HTTPException)) return undefined
  return { type: 'about:blank', title: 'The request is not valid.', status: error.status }
}

function send(context: Context, { retryAfter, ...body }: Problem): Response {
  if (retryAfter !== undefined) context.header('retry-after', String(retryAfter))
  // The rest of the body is not read, so nothing further can come over this connection.
  if (body.status === 413) context.header('connection', 'close')
  if (body.status === 401) context.header('www-authenticate', 'Bearer')
  return context.json(body, body.status as ContentfulStatusCode, {
    'content-type': 'application/problem+json',
  })
}
