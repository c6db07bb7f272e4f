import { startRig } from '../../../../src/testing/rig/start-rig.ts'

export interface OwnPostgres extends AsyncDisposable {
  readonly port: number
}

/** A PostgreSQL that no other test file talks to, so that its counts are exact. */
export async function startOwnPostgres(): Promise<OwnPostgres> {
  const rig = await startRig({ standbys: 0, redis: false })
  return { port: rig.primary.port, [Symbol.asyncDispose]: () => rig.stop() }
}
