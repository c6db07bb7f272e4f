import { createLeasehold, type Leasehold } from '../../../src/index.ts'
import { createRouter } from '../../../src/router/index.ts'
import type { Place, SoakPlaces } from './cache-under-test.ts'

const CONNECTIONS = 6

/** A database object of one worker. */
export function openDatabase({ primary, standbys, database }: SoakPlaces): Leasehold {
  const at = ({ host, port }: Place) => ({ host, port, user: 'app', database, max: CONNECTIONS })
  return createLeasehold({
    primary: at(primary),
    replicas: standbys.map((place, index) => ({ id: `r${index + 1}`, ...at(place) })),
    // Replicas lag all the time: that is what is looked at.
    router: createRouter({
      warmUpMs: 0,
      probe: { intervalMs: 200, timeoutMs: 2_000 },
      lag: { maxMs: 10_000 },
    }),
    timeoutMs: 10_000,
    verifyOnStart: false,
  })
}
