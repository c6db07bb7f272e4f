import { startRig } from '../../../../src/testing/rig/start-rig.ts'
import { fill } from '../../../support/notes.ts'

export interface ScratchServer {
  readonly port: number
  stop(): Promise<void>
}

/**
 * A PostgreSQL of its own on 127.0.0.1 with what `schema` creates in the database `postgres`; gone after stop(). It logs
 * nothing: a million texts, half of them errors, would fill the disk.
 */
export async function startScratchServer(schema: string): Promise<ScratchServer> {
  const quiet = { autovacuum: 'off', log_min_messages: 'panic', log_min_error_statement: 'panic' }
  const rig = await startRig({ standbys: 0, redis: false, settings: quiet })
  await fill(rig.primary.adminUrl(), schema)
  return { port: rig.primary.port, stop: () => rig.stop() }
}
