import { randomBytes } from 'node:crypto'
import { createLeasehold, type Leasehold, type LeaseholdOptions } from '../../../src/index.ts'
import { createRouter, type Router, type RouterOptions } from '../../../src/router/index.ts'
import type { Rig } from '../../../src/testing/rig/rig.ts'
import { type RigOptions, startRig } from '../../../src/testing/rig/start-rig.ts'
import { createAppRoles, fill, NOTES_SCHEMA } from '../../support/notes.ts'

/** One key for all processes of a test. */
export const KEYS = [randomBytes(32)]

/** Where something listens. */
interface Place {
  readonly host: string
  readonly port: number
}

export interface FleetOptions {
  readonly router?: RouterOptions
  /** In place of the nodes themselves, such as proxies in front of them. */
  readonly primary?: Place
  readonly replicas?: readonly Place[]
  readonly rest?: Partial<LeaseholdOptions>
}

/** A primary and two standbys, with the table of notes. */
export async function startNotesRig(standbys = 2, options: RigOptions = {}): Promise<Rig> {
  const rig = await startRig({ redis: false, ...options, standbys })
  await createAppRoles(rig.primary.adminUrl())
  await fill(rig.primary.adminUrl(), NOTES_SCHEMA)
  await rig.awaitStreaming()
  return rig
}

/** A database object over a rig, with probes that are quick enough for a test. */
export function openFleet(rig: Rig, options: FleetOptions = {}): { db: Leasehold; router: Router } {
  const { primary = rig.primary, replicas = rig.standbys, rest } = options
  const at = ({ host, port }: Place, max = 4) => ({ host, port, user: 'app', database: 'postgres', max })
  const router = createRouter({
    warmUpMs: 0,
    ...options.router,
    probe: { intervalMs: 100, timeoutMs: 300, ...options.router?.probe },
    tokens: { keys: KEYS, ...options.router?.tokens },
  })
  const db = createLeasehold({
    primary: at(primary),
    replicas: replicas.map((place, index) => ({ id: `r${index + 1}`, ...at(place) })),
    router,
    timeoutMs: 5_000,
    ...rest,
  })
  return { db, router }
}
