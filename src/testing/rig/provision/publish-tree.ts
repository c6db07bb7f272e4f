import { chmod, lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Lets every user read a folder's files and run its programs, and only the owner change them. The modes
 * that files come with depend on the umask of whoever made them.
 */
export async function publishTree(path: string): Promise<void> {
  const stats = await lstat(path)
  if (stats.isSymbolicLink()) return
  const mode = stats.isDirectory() || (stats.mode & 0o100) !== 0 ? 0o755 : 0o644
  if ((stats.mode & 0o7777) !== mode) await chmod(path, mode)
  if (!stats.isDirectory()) return
  for (const name of await readdir(path)) await publishTree(join(path, name))
}
