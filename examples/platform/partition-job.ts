import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Client } from 'pg'

const run = promisify(execFile)
const LIMIT_MS = 60_000

/** A database whose partitions the job keeps. */
export interface PartitionedDatabase {
  /** The job's `leasehold.config.ts`. */
  readonly config: string
  /** Straight to PostgreSQL, as the job's role. */
  readonly url: string
  /** Who owns the tables. */
  readonly owner: string
  /** Where months that are over go. */
  readonly archiveDirectory: string
}

/** What a superuser runs once: roles, schemas, the guard against drops. */
export async function setUpPartitions(admin: Client, { config, owner }: PartitionedDatabase): Promise<void> {
  const { stdout } = await leasehold(['partitions', 'setup', '--owner', owner, '--config', config])
  await admin.query(stdout)
}

/** What the container of examples/partition-cron does once an hour. */
export async function runPartitionJob({ config, url, archiveDirectory }: PartitionedDatabase): Promise<void> {
  await leasehold(['partitions', 'apply', '--config', config], {
    LEASEHOLD_URL: url,
    ARCHIVE_SINK: `file://${archiveDirectory}`,
  })
}

function leasehold(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return run(process.execPath, [binary(), ...args], { env: { ...process.env, ...env }, timeout: LIMIT_MS })
}

/** What `npx leasehold` runs. */
function binary(): string {
  const require = createRequire(import.meta.url)
  const manifest = require.resolve('leasehold/package.json')
  const { bin } = require(manifest) as { bin: { leasehold: string } }
  return join(dirname(manifest), bin.leasehold)
}
