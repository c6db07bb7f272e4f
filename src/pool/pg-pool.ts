/**
 * The part of `pg.Pool` that leasehold uses, so that its declarations do not force a version of `@types/pg`.
 */
export interface PgPool {
  connect(): Promise<PgClient>
  end(): Promise<void>
  on(event: 'error', listener: (error: Error) => void): unknown
  readonly totalCount: number
  readonly idleCount: number
  readonly waitingCount: number
  readonly options?: { readonly max?: number | undefined }
}

/** Configuration of a pool that leasehold makes: what `new pg.Pool` takes. */
export interface PoolOptions {
  readonly connectionString?: string
  readonly host?: string
  readonly port?: number
  readonly database?: string
  readonly user?: string
  /** A function is called for each new connection whose server asks for a password, as for a token that expires. */
  readonly password?: string | (() => string | Promise<string>)
  readonly ssl?: unknown
  /** Connections at most. @default 10 */
  readonly max?: number
  /** Milliseconds that making one connection may take. @default the option `acquireTimeoutMs` of createLeasehold */
  readonly connectionTimeoutMillis?: number
  /** Every other option of `pg.Pool`. */
  readonly [option: string]: unknown
}

/** The part of a pooled `pg.Client` that leasehold uses. */
export interface PgClient {
  release(destroy?: Error | boolean): void
  on(event: 'error', listener: (error: Error) => void): unknown
  removeListener(event: 'error', listener: (error: Error) => void): unknown
}

/** Whether a value looks like a `pg.Pool` rather than its configuration. */
export function isPgPool(value: unknown): value is PgPool {
  return (
    typeof value === 'object' &&
    value !== null &&
    'connect' in value &&
    typeof value.connect === 'function' &&
    'totalCount' in value
  )
}
