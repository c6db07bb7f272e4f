/** How a query of an archive is put: values come as PostgreSQL's own text. */
export interface ArchiveQuery {
  readonly text: string
  readonly values?: unknown[]
  readonly rowMode?: 'array'
  readonly types?: { getTypeParser(): (text: string) => unknown }
}

/** What reads a partition: a connected `pg.Client` of the archiver's, straight to the server. */
export interface ArchiveClient {
  query(query: ArchiveQuery): Promise<{ readonly rows: readonly unknown[] }>
  end(): Promise<void>
}
