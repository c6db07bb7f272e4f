import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { acquireFileLock } from '../provision/file-lock.ts'
import { RigProvisionError, rigDirectory } from '../provision/index.ts'
import { dockerRequest } from './docker-request.ts'
import { dockerDaemon } from './install-docker.ts'

/** An engine that this process started. */
export interface PrivateEngine {
  /** As in `DOCKER_HOST`. */
  readonly host: string
  /** Ends it with all its containers. */
  stop(): Promise<void>
}

const waitForOtherMs = 240_000
const startMs = 30_000
const stopMs = 20_000

/**
 * Ends the daemon, which then ends its containers, when standard input closes: so it does however the
 * process at the other end dies. (Linux's parent death signal comes once for each of its threads.)
 */
const keeper = `
exec 3<&0
"$@" < /dev/null 3<&- & daemon=$!
(read -r _ <&3; kill -TERM "$daemon") & watcher=$!
wait "$daemon"; status=$?
kill "$watcher"
exit "$status"
`

/**
 * Starts a Docker engine whose files, socket and containers lie in the rig's folder, and which ends with
 * this process. It publishes ports on 127.0.0.1 only, leaves the machine's firewall alone and gives its
 * containers no way out, so nothing can be pulled. One at a time: a second caller waits for the first.
 *
 * @throws {RigProvisionError} when it cannot be started, with the end of its log.
 */
export async function startPrivateEngine(): Promise<PrivateEngine> {
  const rig = await rigDirectory()
  const folder = join(rig, 'docker')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const lock = await acquireFileLock(join(rig, 'locks', 'docker.lock'), waitForOtherMs)
  let child: ChildProcess | undefined
  const stop = async () => {
    if (child !== undefined) await end(child)
    await lock.release()
  }
  try {
    // Two installations at once would fail on apt's own locks.
    const daemon = await dockerDaemon()
    await predecessorGone(join(folder, 'docker.pid'))
    child = await launch(daemon, folder)
    const host = `unix://${join(folder, 'docker.sock')}`
    await untilItAnswers(host, child, join(folder, 'docker.log'))
    // Those of a killed owner were ended, but their files are kept.
    await dockerRequest(host, { method: 'POST', path: '/containers/prune', timeoutMs: 30_000 })
    return { host, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function launch(daemon: string, folder: string): Promise<ChildProcess> {
  // Not the machine's own settings, which may contradict these.
  await writeFile(join(folder, 'daemon.json'), '{}\n')
  const log = await open(join(folder, 'docker.log'), 'w')
  try {
    const child = spawn(
      'sh',
      [
        '-c',
        keeper,
        'sh',
        daemon,
        `--data-root=${folder}/data`,
        `--exec-root=${folder}/exec`,
        `--pidfile=${folder}/docker.pid`,
        `--host=unix://${folder}/docker.sock`,
        `--config-file=${folder}/daemon.json`,
        '--iptables=false',
        '--ip6tables=false',
        '--ip-forward=false',
        '--ip-masq=false',
        '--ip=127.0.0.1',
      ],
      // In a session of its own: the daemon takes a third signal, as Ctrl-C would add, for an order to leave all as it is.
      { stdio: ['pipe', log.fd, log.fd], detached: true },
    )
    child.unref()
    return child
  } finally {
    await log.close()
  }
}

async function untilItAnswers(host: string, child: ChildProcess, log: string): Promise<void> {
  const deadline = Date.now() + startMs
  while (Date.now() < deadline && child.exitCode === null && child.signalCode === null) {
    try {
      const { status } = await dockerRequest(host, { method: 'GET', path: '/_ping', timeoutMs: 2_000 })
      if (status === 200) return
    } catch {
      // Its socket is not there yet.
    }
    await sleep(50)
  }
  const how =
    child.exitCode === null ? `did not answer at ${host} within ${startMs} ms` : `ended (${child.exitCode})`
  const tail = (await readFile(log, 'utf8')).trim().split('\n').slice(-8).join('\n')
  throw new RigProvisionError(`dockerd ${how}; the end of ${log}:\n${tail}`)
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const group = -child.pid
  const gone = once(child, 'exit')
  child.stdin?.end()
  const patience = setTimeout(() => process.kill(group, 'SIGKILL'), stopMs)
  await gone
  clearTimeout(patience)
}

/** An engine whose starter was killed takes some seconds to end its containers. */
async function predecessorGone(pidFile: string): Promise<void> {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''))
  if (!(pid > 0)) return
  const deadline = Date.now() + stopMs
  while ((await commandLine(pid)).includes(pidFile)) {
    if (Date.now() > deadline) {
      throw new RigProvisionError(`The engine of an earlier run still lives as process ${pid}. End it.`)
    }
    await sleep(100)
  }
  await rm(pidFile, { force: true })
}

/** Empty for a process that is gone. The number may by now be another program's. */
async function commandLine(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
}
