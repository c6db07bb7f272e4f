// Run as a process of its own: adds 1 to the number in a file, ten times, in a way that loses additions
// unless the lock keeps other processes out.
import { readFile, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { withFileLock } from '../../../../src/testing/rig/provision/file-lock.ts'

const [lock = '', counter = ''] = process.argv.slice(2)
for (let round = 0; round < 10; round++) {
  await withFileLock(lock, 20_000, async () => {
    const value = Number(await readFile(counter, 'utf8'))
    await sleep(2)
    await writeFile(counter, String(value + 1))
  })
}
