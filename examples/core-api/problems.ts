import { describeError, type Problem, problemOf } from '@clinic/kit'
import type { FastifyInstance, FastifyReply } from 'fastify'

/** Has every error answered as `application/problem+json`, and logs those that are faults of ours, without a value of any row. */
export function answerWithProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: Error & { validation?: unknown; statusCode?: number }, request, reply) => {
    const problem = problemOf(error) ?? problemOfRequest(error)
    if (problem) return send(reply, problem)
    request.log.error({ error: describeError(error), route: request.routeOptions.url }, 'A request failed.')
    return send(reply, { type: 'about:blank', title: 'Something went wrong on our side.', status: 500 })
  })
  app.setNotFoundHandler((_request, reply) =>
    send(reply, { type: 'about:blank', title: 'There is nothing here.', status: 404 }),
  )
}

/** What Fastify refuses before a handler runs. Its messages name fields of the schema, and no value. */
function problemOfRequest(error: Error & { validation?: unknown; statusCode?: number }): Problem | undefined {
  const { statusCode = 500 } = error
  if (statusCode < 400 || statusCode >= 500) return undefined
  const title = error.validation ? `The request is not valid: ${error.message}.` : 'The request is not valid.'
  return { type: 'about:blank', title, status: statusCode }
}

function send(reply: FastifyReply, problem: Problem) {
  if (problem.retryAfter !== undefined) reply.header('retry-after', problem.retryAfter)
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer')
  const { retryAfter: _, ...body } = problem
  return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(body))
}
