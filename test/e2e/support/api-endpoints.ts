import type { Answer, EdgeClient } from '../../../examples/platform/load/edge-client.ts'
import type { TenantRows } from './tenant-rows.ts'

/** One way to call the Core API, as its OpenAPI document says. */
export interface Endpoint {
  readonly method: string
  /** With its parameters in braces: `/v1/clinics/{slug}/patients/{id}`. */
  readonly path: string
  readonly body: JsonSchema | undefined
}

interface JsonSchema {
  readonly type?: string
  readonly format?: string
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly minLength?: number
  readonly properties?: Readonly<Record<string, JsonSchema>>
}

interface OpenApi {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          { readonly requestBody?: { readonly content: Readonly<Record<string, { schema: JsonSchema }>> } }
        >
      >
    >
  >
}

export const API_HOST = 'api.platform.localhost'

/** All that the document names. */
export async function endpointsOf(client: EdgeClient): Promise<readonly Endpoint[]> {
  const { text } = await client.call({ host: API_HOST, path: '/openapi.json' })
  const { paths } = JSON.parse(text) as OpenApi
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { requestBody }]) => ({
      method: method.toUpperCase(),
      path,
      body: requestBody?.content['application/json']?.schema,
    })),
  )
}

/** Calls one, about the rows of somebody. Every id that it asks for, in its path or its body, is one of theirs. */
export function callAbout(
  client: EdgeClient,
  { method, path, body }: Endpoint,
  { slug, rows, token }: { readonly slug: string; readonly rows: TenantRows; readonly token: string },
): Promise<Answer> {
  const id = path.includes('/appointments/') ? rows.appointment : rows.patient
  return client.call({
    host: API_HOST,
    method,
    path: path.replace('{slug}', slug).replace('{id}', id),
    headers: { authorization: `Bearer ${token}` },
    ...(body && { body: sample(body, rows) }),
  })
}

/** A value that the schema allows. */
function sample(schema: JsonSchema, rows: TenantRows): unknown {
  if (schema.enum) return schema.enum.includes('cancelled') ? 'cancelled' : schema.enum[0]
  if (schema.properties) {
    return Object.fromEntries(
      Object.entries(schema.properties).map(([name, part]) => [name, sample(part, rows)]),
    )
  }
  if (schema.format === 'uuid') return rows.patient
  if (schema.format === 'date') return '1990-01-31'
  if (schema.format === 'date-time') return new Date(Date.now() + 86_400_000).toISOString()
  if (schema.type === 'integer' || schema.type === 'number') return Math.max(schema.minimum ?? 1, 15)
  if (schema.type === 'string') return 'written by a stranger'.slice(0, 40)
  throw new Error(`The test has no value for the schema ${JSON.stringify(schema)}: teach it one.`)
}
