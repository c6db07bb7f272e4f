import type { ConnectPeer } from '../peer.ts'
import { connectHandWritten } from './hand-written.ts'
import { connectKyselyTransaction } from './kysely-transaction.ts'
import {
  connectLeasehold,
  connectLeaseholdKysely,
  connectLeaseholdMultiplexed,
  connectLeaseholdUnnamed,
} from './leasehold.ts'
import { connectPgPipeline } from './pg-pipeline.ts'
import { connectPgPipelined } from './pg-pipelined.ts'
import { connectPlainPg, connectPlainPgNamed } from './plain-pg.ts'

/** What every ratio is taken to. */
export const RAW = 'pg unscoped'
export const RAW_NAMED = 'pg unscoped named'
export const HAND_WRITTEN = 'hand-written'
export const LEASEHOLD = 'leasehold'
export const PIPELINED = 'pg unscoped pipelined'
export const MULTIPLEXED = 'leasehold multiplexed'

/** Every peer, in the order of the table. One more is one more line here, and one file beside this. */
export const PEERS: ReadonlyMap<string, ConnectPeer> = new Map([
  [RAW, connectPlainPg],
  [RAW_NAMED, connectPlainPgNamed],
  [HAND_WRITTEN, connectHandWritten],
  ['pg pipeline', connectPgPipeline],
  ['Kysely transaction', connectKyselyTransaction],
  ['leasehold unnamed', connectLeaseholdUnnamed],
  [LEASEHOLD, connectLeasehold],
  ['leasehold Kysely', connectLeaseholdKysely],
  [PIPELINED, connectPgPipelined],
  [MULTIPLEXED, connectLeaseholdMultiplexed],
])

/** Those of them whose callers share connections. */
export const SHARING: readonly string[] = [PIPELINED, MULTIPLEXED]
