import { RigProvisionError } from '../../../src/testing/index.ts'
import type { Topology } from '../../topology/topology.ts'
import { pgbenchProgram } from './pgbench-program.ts'
import { PgbenchWorker } from './pgbench-worker.ts'

/** pgbench, ready to work, and what is to be known of it. */
export interface StartedPgbench {
  readonly worker: PgbenchWorker
  readonly settings: Readonly<Record<string, unknown>>
}

/** Finds pgbench and how it does most. @returns why it cannot be had, where it cannot */
export async function startPgbench(
  topology: Topology,
  resources: AsyncDisposableStack,
  log: (line: string) => void,
): Promise<string | StartedPgbench> {
  try {
    const program = await pgbenchProgram()
    const worker = resources.use(await PgbenchWorker.start(program, topology, log))
    return { worker, settings: { version: program.version, ...worker.best } }
  } catch (error) {
    if (error instanceof RigProvisionError) return error.message
    throw error
  }
}
