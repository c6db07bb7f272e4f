import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Client } from 'pg'
import type { PostgresNode } from '../../../src/testing/rig/postgres-node.ts'

const run = promisify(execFile)
const LEASEHOLD = new URL('../../../src/cli/main.ts', import.meta.url).pathname

/** Which tables are kept in months, and whose they are. */
export interface KeptInMonths {
  /** A file of examples/partition-cron. */
  readonly config: string
  readonly owner: string
}

/** As the platform does it: what a superuser runs once, then a run of the job. */
export async function makeMonths(
  primary: PostgresNode,
  admin: Client,
  { config, owner }: KeptInMonths,
  resources: AsyncDisposableStack,
): Promise<void> {
  const file = new URL(`../../../examples/partition-cron/${config}`, import.meta.url).pathname
  const setup = await run(process.execPath, [
    LEASEHOLD,
    'partitions',
    'setup',
    '--owner',
    owner,
    '--config',
    file,
  ])
  await admin.query(setup.stdout)
  const archive = await mkdtemp(join(tmpdir(), 'leasehold-archive-'))
  resources.defer(() => rm(archive, { recursive: true, force: true }))
  const LEASEHOLD_URL = primary.url({ user: 'partition_job', database: 'postgres' })
  await run(process.execPath, [LEASEHOLD, 'partitions', 'apply', '--config', file], {
    env: { ...process.env, LEASEHOLD_URL, ARCHIVE_SINK: `file://${archive}` },
  })
}
