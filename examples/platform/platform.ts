import type { Seeded } from '@clinic/schema/seed'
import type { Edge } from './edge.ts'
import type { Faults } from './faults.ts'
import type { Load, LoadOptions } from './load/load.ts'
import type { PlatformSecrets, ServiceName } from './services.ts'
import type { Supervisor } from './supervise.ts'
import type { Topology } from './topology.ts'

export interface PlatformOptions {
  /** One database, or one with two read replicas. @default 2 */
  readonly phase?: 1 | 2
  /** Patients of all clinics together. @default 300 for each clinic */
  readonly patients?: number
  /** Of the edge. @default a free one */
  readonly port?: number
  /** Which services to start; those that they need are not added. @default all */
  readonly services?: readonly ServiceName[]
  /** Those of them that somebody else starts, with the `.env` that is written into their folders; the platform waits for them. */
  readonly byHand?: readonly ServiceName[]
  /** Milliseconds that rendering a letter takes. @default 50 */
  readonly renderMs?: number
  /** Client connections of one service to one server. @default 2 */
  readonly poolMax?: number
  /** Server connections of one pgbouncer for one role, whoever its clients are. @default 4 */
  readonly poolSize?: number
  /** Is told what is being done, and when a service has ended by itself. */
  readonly onProgress?: (words: string) => void
  /** Stops the start. */
  readonly signal?: AbortSignal
}

/** The platform as it runs. Stopping it leaves no process and no folder behind; nor does killing this process. */
export interface Platform extends AsyncDisposable {
  readonly phase: 1 | 2
  readonly edge: Edge
  readonly topology: Topology
  readonly seeded: Seeded
  readonly supervisor: Supervisor
  readonly faults: Faults
  /** The password of every account, and what services share. */
  readonly secrets: PlatformSecrets
  /** Where a service listens, past the edge. */
  address(name: ServiceName): string
  startLoad(options: LoadOptions): Promise<Load>
  stop(): Promise<void>
}
