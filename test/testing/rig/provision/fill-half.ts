// Run as a process of its own: fills half a program folder, says so, and hangs until killed.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { programFolder } from '../../../../src/testing/rig/provision/program-folder.ts'

await programFolder('sample', 20_000, async (staging) => {
  await writeFile(join(staging, 'first'), 'half')
  process.stdout.write(`${staging}\n`)
  return new Promise(() => setInterval(() => undefined, 1_000))
})
