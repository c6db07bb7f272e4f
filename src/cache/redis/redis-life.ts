import { createHash } from 'node:crypto'

/** What a server says of itself. */
export interface RedisLife {
  /** Differs for each start of a server, and for each time one became the primary: after either, writes may be missing. */
  readonly id: string
  /** Whether it is a primary that has its data. */
  readonly isUsable: boolean
  readonly isReplica: boolean
}

/**
 * Reads `INFO`. `run_id` changes when a server starts, and `master_replid` when a replica becomes the primary: a server that was
 * demoted and has come back as the primary keeps its `run_id`, and has lost what it had not passed on.
 *
 * @returns nothing where that is no `INFO`
 * @see https://redis.io/docs/latest/commands/info/
 */
export function readLife(info: string, database: number): RedisLife | undefined {
  const runId = /^run_id:([0-9a-f]{40})\r?$/m.exec(info)?.[1]
  const history = /^master_replid:([0-9a-f]{40})\r?$/m.exec(info)?.[1]
  const role = /^role:(master|slave)\r?$/m.exec(info)?.[1]
  if (!runId || !history || !role) return undefined
  const isLoading = /^loading:[1-9]/m.test(info)
  return {
    id: createHash('sha256').update(`${runId} ${history} ${database}`).digest('base64url').slice(0, 16),
    isUsable: role === 'master' && !isLoading,
    isReplica: role === 'slave',
  }
}
