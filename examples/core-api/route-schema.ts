import { z } from 'zod'

/** The parts of a request, and the answer, by zod. */
interface RouteParts {
  readonly summary: string
  readonly params?: z.ZodObject
  readonly querystring?: z.ZodObject
  readonly body?: z.ZodObject
  readonly response: Readonly<Record<number, z.ZodType>>
}

/** What Fastify validates requests by, serializes answers by, and the OpenAPI document says. */
export function routeSchema({
  summary,
  params,
  querystring,
  body,
  response,
}: RouteParts): Record<string, unknown> {
  return {
    summary,
    ...(params && { params: toJsonSchema(params) }),
    ...(querystring && { querystring: toJsonSchema(querystring) }),
    ...(body && { body: toJsonSchema(body) }),
    response: Object.fromEntries(
      Object.entries(response).map(([status, schema]) => [status, toJsonSchema(schema)]),
    ),
  }
}

/** Of the input: what has a default may be left out. */
function toJsonSchema(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' })
  return json
}

export const ofClinic: z.ZodObject<{ slug: z.ZodString }> = z.object({ slug: z.string().max(63) })
export const ofOne: z.ZodObject<{ slug: z.ZodString; id: z.ZodUUID }> = ofClinic.extend({ id: z.uuid() })
