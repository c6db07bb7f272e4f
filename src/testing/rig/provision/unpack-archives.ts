import { readdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import pLimit from 'p-limit'
import { runCommand } from './run-command.ts'

/** Unpacks the files of every `.deb` in a folder into `root`; nothing is installed and no script is run. */
export async function unpackArchives(archives: string, root: string): Promise<void> {
  const limit = pLimit(availableParallelism())
  const names = (await readdir(archives)).filter((name) => name.endsWith('.deb'))
  await Promise.all(
    names.map((name) =>
      limit(() => runCommand('dpkg-deb', ['--extract', join(archives, name), root], { timeoutMs: 60_000 })),
    ),
  )
}
