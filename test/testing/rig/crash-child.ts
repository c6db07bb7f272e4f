/*
 * A process that starts a rig and then ends the way its argument says. Prints the ids of the servers'
 * processes as JSON when they run.
 */
import { askOnce } from '../../../src/testing/rig/admin-session.ts'
import { listProcesses } from '../../../src/testing/rig/reaper.ts'
import { startRig } from '../../../src/testing/rig/start-rig.ts'

const [ending = 'wait'] = process.argv.slice(2)

if (ending === 'say good-bye') {
  process.once('SIGINT', async () => {
    await askOnce(rig.primary.adminUrl(), 'select 1')
    await askOnce(pooler.adminUrl(), 'show version')
    await rig.stop()
    process.exit(7)
  })
}

const rig = await startRig({ standbys: 1 })
const pooler = await rig.startPgbouncer({ version: '1.18' })
rig.standbys[0]?.freeze()
const roots = [rig.primary.pid, rig.standbys[0]?.pid ?? 0, rig.redis?.pid ?? 0, pooler.pid]
const pids = listProcesses()
  .filter(({ pid, parent }) => roots.includes(pid) || roots.includes(parent))
  .map(({ pid }) => pid)
process.stdout.write(`${JSON.stringify({ directory: rig.directory, pids })}\n`, () => {
  if (ending === 'throw') throw new Error('an exception that nobody catches')
  // Otherwise nothing keeps this process running, so it ends by itself.
  if (ending !== 'forget') setInterval(() => undefined, 60_000)
})
