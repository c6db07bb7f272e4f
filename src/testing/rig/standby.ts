import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withAdminSession } from './admin-session.ts'
import type { PostgresNode } from './postgres-node.ts'
import { postgresConf } from './postgres-settings.ts'
import type { RunFolder } from './run-folder.ts'
import { runToEnd } from './run-to-end.ts'
import { giveToServer } from './server-account.ts'

const backupTimeoutMs = 60_000

/**
 * Lets the server of a data directory follow a primary from its next start on. A copy of the primary's data
 * directory from before its first start will do: all that happened since is in the primary's log.
 */
export async function followPrimary(
  dataDirectory: string,
  primary: { readonly host: string; readonly port: number },
): Promise<void> {
  const conninfo = `host=${primary.host} port=${primary.port} user=postgres`
  await writeFor(dataDirectory, 'postgresql.auto.conf', postgresConf({ primary_conninfo: conninfo }))
  await writeFor(dataDirectory, 'standby.signal', '')
}

/** Stops a node, replaces its data by a copy of a running primary's, and starts it as a standby of that. */
export async function rebuildStandby(
  folder: RunFolder,
  node: PostgresNode,
  primary: PostgresNode,
): Promise<void> {
  await node.stop()
  await rm(node.dataDirectory, { recursive: true })
  await folder.makeServerFolder(node.name)
  // backup-lowlevel-base-backup: both calls on one connection, and the label they return goes into the copy.
  const label = await withAdminSession(primary.adminUrl(), backupTimeoutMs, async (ask) => {
    await ask('select pg_backup_start($1, true)', [node.name])
    await copyRunning(folder, primary, node)
    const [row] = await ask<{ labelfile: string }>('select labelfile from pg_backup_stop(false)')
    return row?.labelfile ?? ''
  })
  await leaveOut(node.dataDirectory)
  await writeFor(node.dataDirectory, 'backup_label', label)
  await followPrimary(node.dataDirectory, primary)
  await node.restart()
}

async function writeFor(dataDirectory: string, name: string, text: string): Promise<void> {
  const path = join(dataDirectory, name)
  await writeFile(path, text, { mode: 0o600 })
  await giveToServer(path)
}

/** cp fails for files that go away meanwhile; replay makes up for those. */
const copyWhatStays = 'cp -pR "$0/." "$1"; test -s "$1/global/pg_control"'

async function copyRunning(folder: RunFolder, from: PostgresNode, to: PostgresNode): Promise<void> {
  const args = ['-c', copyWhatStays, from.dataDirectory, to.dataDirectory]
  await runToEnd(folder, `${to.name}-copy`, { command: '/bin/sh', args, env: {} }, backupTimeoutMs)
}

/** What belongs to the running server; the log comes by streaming. */
async function leaveOut(dataDirectory: string): Promise<void> {
  const wal = join(dataDirectory, 'pg_wal')
  const segments = (await readdir(wal)).filter((name) => /^[0-9A-F]{24}/.test(name))
  const paths = [
    ...segments.map((name) => join(wal, name)),
    join(dataDirectory, 'postmaster.pid'),
    join(dataDirectory, 'postmaster.opts'),
    join(dataDirectory, 'standby.signal'),
  ]
  await Promise.all(paths.map((path) => rm(path, { force: true })))
}
