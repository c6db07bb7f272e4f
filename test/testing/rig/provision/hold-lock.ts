// Run as a process of its own: takes the lock, says so, and keeps it until killed.
import { withFileLock } from '../../../../src/testing/rig/provision/file-lock.ts'

await withFileLock(process.argv[2] ?? '', 20_000, () => {
  process.stdout.write('held\n')
  return new Promise(() => setInterval(() => undefined, 1_000))
})
