import { createHash } from 'node:crypto'
import { chmod, mkdir, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { withFileLock } from './provision/file-lock.ts'
import { type PostgresPrograms, rigDirectory } from './provision/index.ts'
import type { RunFolder } from './run-folder.ts'
import { runToEnd } from './run-to-end.ts'
import { serverAccount } from './server-account.ts'

const initdbOptions = [
  '--no-sync',
  '--no-instructions',
  '--auth=trust',
  '--username=postgres',
  '--encoding=UTF8',
  // Every machine has it, and it sorts the same on all.
  '--locale=C',
]

/**
 * hot-standby-admin: a standby does not start with less of these than its primary had, which at first is
 * what initdb has chosen. So initdb's choice is replaced by the least there is.
 */
const leastSettings = [
  'max_connections=1',
  'max_wal_senders=0',
  'max_worker_processes=0',
  'max_locks_per_transaction=10',
  'superuser_reserved_connections=0',
]

const initdbTimeoutMs = 60_000
const copyTimeoutMs = 60_000

/**
 * A data directory that `initdb` has made and nobody has started, kept in the rig directory for the next
 * rig. All rigs of a user and a version have its system identifier.
 *
 * @param folder Where it is put together if it does not exist.
 */
export async function keptCluster(programs: PostgresPrograms, folder: RunFolder): Promise<string> {
  const rig = await rigDirectory()
  const { uid = process.getuid?.() } = serverAccount()
  const key = createHash('sha256')
    .update(JSON.stringify([programs.postgres, initdbOptions, leastSettings, uid]))
    .digest('hex')
    .slice(0, 12)
  const clusters = join(rig, 'clusters')
  const kept = join(clusters, `${programs.version}-${key}`)
  if (await exists(kept)) return kept
  return withFileLock(join(rig, 'locks', `cluster-${key}.lock`), initdbTimeoutMs, async () => {
    if (await exists(kept)) return kept
    const fresh = await freshCluster(programs, folder)
    await mkdir(clusters, { recursive: true })
    await chmod(clusters, 0o755)
    // Renamed when complete, so what has the final name is whole.
    await rename(fresh, kept).catch(async (error) => {
      // The lock spares double work only; another process may have been first all the same.
      if (!(await exists(kept))) throw error
    })
    return kept
  })
}

/** Makes a data directory with a system identifier of its own. */
export async function freshCluster(programs: PostgresPrograms, folder: RunFolder): Promise<string> {
  const directory = await folder.makeServerFolder('cluster')
  const initdb = [...initdbOptions, `--pgdata=${directory}`]
  await runToEnd(folder, 'initdb', { command: programs.initdb, args: initdb, env: {} }, initdbTimeoutMs)
  // Has no input, so it only notes down its settings.
  const settings = ['fsync=off', ...leastSettings].flatMap((setting) => ['-c', setting])
  const single = ['--single', '-D', directory, ...settings, 'postgres']
  await runToEnd(folder, 'initdb', { command: programs.postgres, args: single, env: {} }, initdbTimeoutMs)
  return directory
}

/** Copies a data directory that no server runs on into a run's folder. */
export async function copyCluster(from: string, folder: RunFolder, name: string): Promise<string> {
  const directory = await folder.makeServerFolder(name)
  const args = ['-pR', `${from}/.`, directory]
  await runToEnd(folder, `${name}-copy`, { command: 'cp', args, env: {} }, copyTimeoutMs)
  return directory
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
