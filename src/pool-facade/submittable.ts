import type { FieldDescription } from '../wire/pg-internals.ts'

/**
 * A query that writes its own messages to a connection and is handed those of the server: `pg.Query`, and the classes of pg-cursor
 * and pg-query-stream.
 */
export interface Submittable {
  submit(connection: unknown): unknown
  callback?: unknown
  handleRowDescription(message: { readonly fields: readonly FieldDescription[] }): void
  handleDataRow(message: { readonly fields: readonly unknown[] }): void
  handlePortalSuspended(connection: unknown): void
  handleCommandComplete(message: { readonly text: string }, connection: unknown): void
  handleEmptyQuery(connection: unknown): void
  handleReadyForQuery(connection: unknown): void
  handleError(error: unknown, connection: unknown): void
}
