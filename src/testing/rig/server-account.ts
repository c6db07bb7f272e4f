import { readFileSync } from 'node:fs'
import { chown } from 'node:fs/promises'
import { RigError } from './rig-error.ts'

/** The user that servers run as, in the form that `child_process.spawn` takes; empty for the present user. */
export interface ServerAccount {
  readonly uid?: number
  readonly gid?: number
}

/**
 * PostgreSQL and pgbouncer refuse to run as root, so root starts them as `nobody`, who exists everywhere
 * (initdb wants a user id that has a name). Any other user starts them as itself.
 */
export function serverAccount(): ServerAccount {
  if (process.getuid?.() !== 0) return {}
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('nobody:'))
  const [, , uid, gid] = line?.split(':') ?? []
  if (uid === undefined || gid === undefined) {
    throw new RigError(
      'The rig was started by root, and /etc/passwd has no user nobody to run the servers as. ' +
        'Add one, or start the rig as an ordinary user.',
    )
  }
  return { uid: Number(uid), gid: Number(gid) }
}

/** Makes a file or a folder the servers' user's own: PostgreSQL opens for writing even what it only syncs. */
export async function giveToServer(path: string): Promise<void> {
  const { uid, gid } = serverAccount()
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid)
}
