import type { Rig } from '../../../src/testing/rig/rig.ts'
import { startRig } from '../../../src/testing/rig/start-rig.ts'
import { createAppRoles, fill } from '../../support/notes.ts'
import { CACHE_SCHEMA } from './cache-schema.ts'
import type { SoakPlaces } from './cache-under-test.ts'

/** How far replicas are behind, all the time. */
const LAG = '150ms'

/** A primary, two replicas that lag, Redis, and the counters. */
export async function startCacheRig(): Promise<{ readonly rig: Rig; readonly places: SoakPlaces }> {
  const rig = await startRig({ settings: { recovery_min_apply_delay: LAG } })
  await createAppRoles(rig.primary.adminUrl())
  await fill(rig.primary.adminUrl(), CACHE_SCHEMA)
  if (!rig.redis) throw new Error('The rig has no Redis.')
  const at = ({ host, port }: { readonly host: string; readonly port: number }) => ({ host, port })
  const places = {
    primary: at(rig.primary),
    standbys: rig.standbys.map(at),
    redis: at(rig.redis),
    database: 'postgres',
  }
  return { rig, places }
}
