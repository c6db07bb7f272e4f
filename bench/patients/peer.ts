/** One row, as every peer answers it. */
export interface Patient {
  readonly tenant_id: string
  readonly id: string
  readonly full_name: string
}

/** A way to work for a tenant. Each method answers the rows of all its statements, in order. */
export interface TenantPeer {
  /** One statement: a patient by key. */
  read(tenant: string, id: string): Promise<readonly Patient[]>
  /** One statement: changes a patient's phone, and answers the row. */
  write(tenant: string, id: string, phone: string): Promise<readonly Patient[]>
  /** Reads, changes and reads again, each statement sent when the one before it was answered. */
  transaction(tenant: string, id: string, phone: string): Promise<readonly Patient[]>
}

/** What a peer connects with. */
export interface PeerOptions {
  /** pgbouncer, for a role that the policies hold for. */
  readonly url: string
  /** The same for a role that they do not hold for. */
  readonly unscopedUrl: string
  /** Connections to pgbouncer. */
  readonly connections: number
  /** The module of leasehold. */
  readonly entry: string
}

/** Connects a peer. */
export type ConnectPeer = (options: PeerOptions) => Promise<TenantPeer> | TenantPeer
